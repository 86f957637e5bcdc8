from hypothesis import given
from hypothesis import strategies as st

from blogsite.pagecache.copies import OVERHEAD, Copy
from blogsite.pagecache.store import Store


def key(number: int) -> tuple[str, str, str, str]:
    return "http", "host", f"/{number}/", ""


def put(store: Store, number: int, size: int = 0, *names: str) -> Copy:
    draft = store.begin(frozenset(names), keep=True)
    copy = Copy(draft, "200 OK", [], b"x" * size)
    store.finish(key(number), draft, copy)
    return copy


steps = st.lists(
    st.tuples(st.sampled_from(["put", "press", "get", "mark"]), st.integers(0, 9),
              st.integers(0, 30_000)),
    max_size=60,
)  # fmt: skip


@given(steps)
def test_store_stays_within_its_bound(steps):
    store = Store(10 * OVERHEAD)
    for step, number, size in steps:
        if step == "put":
            put(store, number, size, f"post:{number}")
        elif step == "press" and (copy := store.get(key(number))):
            store.press(key(number), copy)
        elif step == "mark":
            store.mark({f"post:{number}"}, {f"post:{number}"} if size % 2 else set(), 0)
        else:
            store.get(key(number))
        held = store._copies.values()
        assert store.size == sum(copy.size for copy in held) <= store.limit
        for copy in held:
            assert copy.size >= sum({len(body) for _, body in copy.forms.values()})


def test_longest_unread_copy_makes_room():
    store = Store(3 * OVERHEAD + 500)
    for number in (1, 2, 3):
        put(store, number)
    store.get(key(1))
    put(store, 4)
    assert [number for number in range(1, 5) if store.get(key(number))] == [1, 3, 4]


def test_copy_larger_than_the_store_is_not_kept_nor_drives_out_others():
    store = Store(2 * OVERHEAD)
    small = put(store, 1)
    put(store, 2, 100_000)
    assert [store.get(key(number)) for number in (1, 2)] == [small, None]
    put(store, 1, 100_000)
    assert store.size == 0


def test_newer_copy_takes_the_place_of_the_older():
    store = Store(100 * OVERHEAD)
    put(store, 1)
    new = put(store, 1, 100)
    assert store.get(key(1)) is new
    assert store.size == new.size


def test_compressing_an_outdated_copy_does_not_bring_it_back():
    store = Store(100 * OVERHEAD)
    old = put(store, 1, 1000)
    new = put(store, 1, 2000)
    store.press(key(1), old)
    assert store.get(key(1)) is new


def test_readers_wait_for_nobody_who_changes_the_store(monkeypatch):
    store = Store(100 * OVERHEAD)
    copy = put(store, 1)
    monkeypatch.setattr(store, "_lock", None)  # whoever wants it fails
    assert store.get(key(1)) is copy
    assert store.get(key(2)) is None


def test_a_copy_is_there_while_it_is_put_back(monkeypatch):
    store = Store(100 * OVERHEAD)
    copy, seen = put(store, 1), []
    measure = copy.measure
    monkeypatch.setattr(copy, "measure", lambda: seen.append(store.get(key(1))) or measure())
    store.press(key(1), copy)
    assert seen == [copy]


def test_drafts_are_forgotten_when_they_are_done():
    store = Store(100 * OVERHEAD)
    store.drop(store.begin(frozenset(), keep=True))
    put(store, 1)
    assert not store._drafts
