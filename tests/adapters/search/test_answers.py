"""Answers of a search index: kept while it is the same, and never brought over from what it was."""

from adapters.search.answers import MOST, Answers
from engine.core.ports import SearchResult


def found(total: int) -> SearchResult:
    return SearchResult([], total)


def test_the_same_question_is_answered_from_memory_until_something_changes() -> None:
    answers = Answers()
    assert answers.answer(("index", 1), "mug", lambda: found(3)).total == 3
    assert answers.answer(("index", 1), "mug", lambda: found(4)).total == 3
    assert answers.answer(("index", 1), "bowl", lambda: found(5)).total == 5
    assert answers.answer(("index", 2), "mug", lambda: found(4)).total == 4


def test_what_was_found_in_an_old_state_does_not_answer_for_the_new_one() -> None:
    answers = Answers()

    def overtaken() -> SearchResult:
        answers.answer(("index", 2), "bowl", lambda: found(5))  # meanwhile, in another thread
        return found(3)

    answers.answer(("index", 1), "mug", overtaken)
    assert answers.answer(("index", 2), "mug", lambda: found(4)).total == 4


def test_many_questions_do_not_fill_the_memory() -> None:
    answers = Answers()
    for number in range(3 * MOST):
        answers.answer(("index", 1), str(number), lambda: found(1))
    assert len(answers._now[1]) <= MOST
