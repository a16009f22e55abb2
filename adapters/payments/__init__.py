"""The payments port: who takes cards."""
