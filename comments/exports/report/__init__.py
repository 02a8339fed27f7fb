"""The official report of a consultation, as of one moment: the same facts as a Word document and as a page to print."""
