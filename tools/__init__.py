"""The engine: plain Python, no Odoo imports, tested by tables and properties."""
