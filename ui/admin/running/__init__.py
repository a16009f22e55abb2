"""What is running: the jobs that people wait for, and those that were given up on."""
