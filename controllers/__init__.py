from . import letter, portal, public, send, upload
