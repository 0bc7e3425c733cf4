"""The tools behind ./dev. No part of the add-on: Odoo never imports them."""
