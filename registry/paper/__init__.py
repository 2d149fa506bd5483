"""Paper: the fonts, the page, the boxes and the QR code of everything that is printed as a PDF."""
