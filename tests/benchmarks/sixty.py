"""`python -m tests.benchmarks.sixty serve ...`: Agora with sixty more lists, read as any start reads what it needs."""

from app import late
from app.__main__ import main

if __name__ == "__main__":
    late.read("tests.benchmarks.lists").add()
    main()
