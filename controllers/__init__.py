from . import letter, original, portal, public, send, upload
