"""Reading the log that the house keeps."""
