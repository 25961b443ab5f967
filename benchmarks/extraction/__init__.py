"""What is taken out of a web page: precision, recall and F1 against the article, beside simpler ways."""
