"""Who may publish packs: a key under a passphrase, and the word of the old key for the new."""

from __future__ import annotations

import os
from pathlib import Path

import msgspec
import pytest
from nacl.pwhash import argon2id

from kiosk.errors import ArchiveRefused, PublisherKeyFaulty, SignerUnknown
from kiosk.pack import publisher
from kiosk.pack.archive import verify_archive
from kiosk.pack.install import find_newest, follow_changes, install
from kiosk.pack.publisher import (
    Cost,
    PublisherKey,
    check_passphrase,
    key_name,
    load_key,
    load_public,
    make_change,
    make_key,
    public_words,
    read_change,
    read_public_words,
    save_key,
    save_public,
)
from kiosk.pack.trusted import MOST, Publishers
from tests.pack.signed_packs import KEY, NOON, OXFORD, STRANGER, built, trusting

PASSPHRASE = "correct horse battery staple"
THIRD = PublisherKey(b"a third, in 32 bytes".ljust(32, b"."))


@pytest.fixture(scope="module")
def key_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("keys") / "rose-hill.key"
    save_key(KEY, file, PASSPHRASE, Cost(argon2id.OPSLIMIT_MIN, argon2id.MEMLIMIT_MIN))
    return file


def test_a_key_opens_with_its_passphrase_alone_and_is_nobody_elses_to_read(key_file: Path):
    assert load_key(key_file, PASSPHRASE) == KEY
    assert key_file.stat().st_mode & 0o777 == 0o600 or os.name == "nt"
    assert KEY.seed not in key_file.read_bytes()
    with pytest.raises(PublisherKeyFaulty, match="not the passphrase"):
        load_key(key_file, f"{PASSPHRASE}s")


def test_a_key_is_never_written_over(key_file: Path):
    with pytest.raises(PublisherKeyFaulty, match="is there already"):
        save_key(STRANGER, key_file, PASSPHRASE)


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff", b"[" * 9000, b"x" * 20_000])
def test_a_damaged_key_is_named(tmp_path: Path, content: bytes):
    (tmp_path / "x.key").write_bytes(content)

    with pytest.raises(PublisherKeyFaulty, match="not a publisher's key"):
        load_key(tmp_path / "x.key", PASSPHRASE)


def test_a_key_file_asks_for_no_more_memory_than_ours_do(key_file: Path, tmp_path: Path):
    fields = msgspec.json.decode(key_file.read_bytes())
    (tmp_path / "x.key").write_bytes(msgspec.json.encode(fields | {"memory": 1 << 40}))

    with pytest.raises(PublisherKeyFaulty, match="not a publisher's key"):
        load_key(tmp_path / "x.key", PASSPHRASE)


def test_a_key_whose_public_half_was_changed_is_damaged(
    key_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    other = msgspec.json.decode(key_file.read_bytes()) | {"public": msgspec.to_builtins(STRANGER.public)}
    (tmp_path / "x.key").write_bytes(msgspec.json.encode(other))

    with pytest.raises(PublisherKeyFaulty, match="is damaged"):
        load_key(tmp_path / "x.key", PASSPHRASE)


@pytest.mark.parametrize("passphrase", ["", "short", "aaaaaaaaaaaaaaaa", "abababababababab"])
def test_a_passphrase_that_is_soon_guessed_is_refused(passphrase: str):
    with pytest.raises(PublisherKeyFaulty):
        check_passphrase(passphrase)


def test_a_public_key_travels_as_words_with_a_checksum(tmp_path: Path):
    save_public(KEY.public, tmp_path / "x.pub")
    words = public_words(KEY.public)

    assert load_public(tmp_path / "x.pub") == KEY.public
    assert (tmp_path / "x.pub").read_text(encoding="utf-8") == f"{words}\n"
    for at, letter in enumerate(words):
        with pytest.raises(PublisherKeyFaulty):
            read_public_words(words[:at] + ("A" if letter != "A" else "B") + words[at + 1 :])


def test_new_keys_differ_and_show_nothing():
    key = make_key()

    assert key != make_key()
    assert "seed" not in repr(key)
    assert len(key_name(key.public)) == 19


def test_a_signature_for_one_purpose_is_none_for_another():
    signature = publisher.sign("publisher-change", b"x", KEY)

    assert publisher.is_signed("publisher-change", b"x", signature, KEY.public)
    assert not publisher.is_signed("pack", b"x", signature, KEY.public)
    assert not publisher.is_signed("publisher-change", b"x", signature[:-1], KEY.public)


@pytest.mark.promise(26)
def test_a_kiosk_follows_the_old_key_to_the_new_one_and_leaves_the_old_one(tmp_path: Path):
    data = trusting(tmp_path)
    install(built(3).content, data, OXFORD, NOON)

    Publishers(data).follow(make_change(KEY, STRANGER))

    assert Publishers(data).keys() == {STRANGER.public}
    with pytest.raises(SignerUnknown):
        install(built(4).content, data, OXFORD, NOON)
    with pytest.raises(ArchiveRefused, match="was installed here before"):
        install(built(2, key=STRANGER).content, data, OXFORD, NOON)
    assert install(built(4, key=STRANGER).content, data, OXFORD, NOON).signed_by == key_name(STRANGER.public)


def test_a_change_followed_twice_changes_nothing_more(tmp_path: Path):
    publishers = Publishers(trusting(tmp_path))
    change = make_change(KEY, STRANGER)

    assert publishers.follow(change) == publishers.follow(change)
    assert [each.handed_on_by for each in publishers.find()] == [KEY.public]


def test_a_change_that_nobody_trusted_signed_is_refused(tmp_path: Path):
    publishers = Publishers(trusting(tmp_path))

    with pytest.raises(SignerUnknown, match="does not trust"):
        publishers.follow(make_change(STRANGER, THIRD))
    assert publishers.keys() == {KEY.public}


def test_a_stolen_old_key_leads_nobody_on_once_it_was_changed(tmp_path: Path):
    publishers = Publishers(trusting(tmp_path))
    publishers.follow(make_change(KEY, STRANGER))

    with pytest.raises(SignerUnknown):
        publishers.follow(make_change(KEY, THIRD))


def test_a_key_cannot_be_made_the_new_one_without_its_consent():
    change = msgspec.json.decode(make_change(KEY, STRANGER))
    without = change | {"takes": msgspec.to_builtins(publisher.sign("publisher-accepts", b"x", KEY))}

    with pytest.raises(SignerUnknown, match="not signed by both"):
        read_change(msgspec.json.encode(without))


def test_any_flipped_byte_of_a_change_is_refused():
    whole = make_change(KEY, STRANGER)
    same = msgspec.json.decode(whole)

    for at in range(len(whole)):
        flipped = whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :]
        try:
            read_change(flipped)
        except ArchiveRefused:
            continue
        assert read_change(flipped) == read_change(msgspec.json.encode(same))  # base64's unused bits


@pytest.mark.promise(27)
def test_a_stick_with_the_changes_in_any_order_and_the_newest_pack_is_followed_to_its_end(tmp_path: Path):
    data, stick = trusting(tmp_path / "data"), tmp_path / "stick"
    stick.mkdir()
    (stick / "a.keychange").write_bytes(make_change(STRANGER, THIRD))
    (stick / "b.keychange").write_bytes(make_change(KEY, STRANGER))
    (stick / "c.keychange").write_bytes(b"nonsense")
    for version, key in ((3, KEY), (4, THIRD), (2, THIRD)):
        (stick / f"{version}.pack").write_bytes(built(version, key=key).content)

    found = find_newest(stick, data, OXFORD)

    assert (found.file.name, found.archive.manifest.version) == ("4.pack", 4)
    assert [says.partition(":")[0] for says in found.refused] == ["3.pack"]
    assert follow_changes([stick / "a.keychange"], Publishers(data)) == 1  # known, so without effect


def test_trust_is_taken_back_by_name(tmp_path: Path):
    publishers = Publishers(trusting(tmp_path, KEY, STRANGER))

    publishers.distrust(key_name(KEY.public))

    assert publishers.keys() == {STRANGER.public}
    with pytest.raises(PublisherKeyFaulty, match="does not trust"):
        publishers.distrust(key_name(KEY.public))
    with pytest.raises(SignerUnknown):
        verify_archive(built(3).content, publishers.keys())


@pytest.mark.promise(26)
def test_nobody_leads_on_to_a_key_that_staff_distrust_before_they_trust_it_again(tmp_path: Path):
    publishers, change = Publishers(trusting(tmp_path)), make_change(KEY, STRANGER)
    publishers.follow(change)
    publishers.distrust(key_name(STRANGER.public))
    publishers.trust(KEY.public)

    with pytest.raises(SignerUnknown, match="trust no more"):
        publishers.follow(change)
    assert publishers.keys() == {KEY.public}
    publishers.trust(STRANGER.public)
    publishers.follow(change)
    assert publishers.keys() == {STRANGER.public}


def test_a_damaged_list_of_publishers_trusts_nobody_and_says_so(tmp_path: Path):
    publishers = Publishers(trusting(tmp_path))
    file = tmp_path / "packs" / "publishers.json"
    whole = file.read_bytes()

    for content in (whole[:-1], whole.replace(b'"spec":1', b'"spec":2'), b"", bytes([whole[0] ^ 1]) + whole[1:]):
        file.write_bytes(content)
        with pytest.raises(PublisherKeyFaulty, match="is damaged"):
            publishers.keys()


def test_trust_has_a_bound(tmp_path: Path):
    publishers = Publishers(tmp_path)
    for number in range(MOST):
        publishers.trust(bytes([number]) * 32)

    with pytest.raises(PublisherKeyFaulty, match="at most"):
        publishers.trust(b"x" * 32)
