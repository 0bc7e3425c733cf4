from . import civic_demo
