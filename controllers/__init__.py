from . import editor, health, letter, original, portal, public, send, upload
