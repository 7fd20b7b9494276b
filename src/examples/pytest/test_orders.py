import pathlib

import pytest

HANDLERS = pathlib.Path(__file__).parent.parent / "python"


def test_an_order_reaches_the_handler(sluice):
    function = sluice.function("orders", HANDLERS, "app.handler", timeoutSeconds=30)
    mapping = sluice.mapping(function)
    sluice.produce(mapping, '{"item":"book"}', key="order-1")
    sluice.await_drained(mapping)
    assert '{"item":"book"}' in sluice.logs(function)


def test_what_no_filter_wants_stays_away(sluice):
    function = sluice.function("orders", HANDLERS, "app.handler", timeoutSeconds=30)
    mapping = sluice.mapping(function, FilterCriteria={"Filters": [{"Pattern": '{"value":{"type":["order"]}}'}]})
    sluice.produce(mapping, '{"type":"payment"}')
    assert sluice.await_drained(mapping)["filteredOut"]["records"] == 1
    assert sluice.logs(function) == ""


def test_a_failure_says_why(sluice):
    function = sluice.function("orders", HANDLERS, "app.nobody", timeoutSeconds=30)
    mapping = sluice.mapping(function)
    sluice.produce(mapping, "one")
    with pytest.raises(AssertionError, match="Handler 'nobody' missing on module 'app'"):
        sluice.await_drained(mapping, seconds=5)


def test_a_window_of_five_minutes_is_over_at_once(sluice):
    function = sluice.function("orders", HANDLERS, "app.handler", timeoutSeconds=30)
    mapping = sluice.mapping(function, BatchSize=100, MaximumBatchingWindowInSeconds=300)
    sluice.produce(mapping, "one", "two")
    sluice.advance("PT4M", mapping)
    assert sluice.logs(function) == ""
    sluice.advance("PT1M")
    sluice.await_drained(mapping)
    assert "value=two" in sluice.logs(function)
