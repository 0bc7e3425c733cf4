from . import editor, figures, health, letter, original, portal, public, send, upload
