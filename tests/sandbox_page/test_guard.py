"""Who may reach the page: only its own scripts, in a browser on this machine."""

from __future__ import annotations

import pytest

from tests.sandbox_page.stand_ins import OPERATIONS

JSON = {"content-type": "application/json"}


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"origin": "http://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"host": "evil.example"}, 421),
        ({"content-type": "text/plain"}, 415),
    ],
)
def test_other_sites_cannot_act_here(as_, sandbox, headers, status):
    body = '{"viewer": "U0DIEGO", "channel": "C0OPERATIONS", "text": "hello"}'
    content = {"content-type": "application/json", **headers}
    answer = as_("diego").http.post("/ui/send", content=body, headers=content)
    assert answer.status_code == status
    assert sandbox.messages("#operations") == []


def test_other_host_names_are_refused_for_reading_too(as_):
    answer = as_("diego").http.get("/ui/state", headers={"host": "rebound.example:8765"})
    assert answer.status_code == 421


def test_the_page_allows_nothing_from_outside(as_):
    answer = as_("diego").http.get("/")
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "http" not in answer.text.replace("http-equiv", "")


def test_nonsense_is_refused_with_a_sentence(as_):
    diego = as_("diego")
    assert diego.http.post("/ui/send", content="{", headers=JSON).status_code == 400
    assert diego.http.post("/ui/send", content="[]", headers=JSON).status_code == 400
    gone = diego.post("react", channel=OPERATIONS, ts="1.0", name="eyes", on=True)
    assert gone["error"] == "That message is no longer there."
