"""The harness that kills: people who buy, pay, sell and write while everything under the server breaks; then an audit.

`python -m tests.harness --minutes 30 --seed 7`. Each person keeps a journal of what was answered; at the end the
database has to hold every line of it exactly once, and every sum has to be right.
"""
