from . import letter, letter_official, letter_pdf, periodic, printing
