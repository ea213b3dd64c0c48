"""What Test NanoClip Key says."""

from __future__ import annotations

from app.services.wire import MeResponse
from app.ui.help_stories import key_works
from tests.services.fake_cloud import FakeCloud


def test_a_key_that_works_says_its_scopes_limits_and_balance() -> None:
    me = MeResponse.model_validate(FakeCloud().me())
    me.workspace.name = "Studio\nNorth"
    me.api_key.scopes = ["projects:read", "vision:write"]
    me.billing.credit_balance_cents = 1234
    said = key_works(me)
    assert "workspace “Studio North”" in said
    assert "It may: projects:read, vision:write." in said
    assert "Balance: $12.34." in said
    assert f"{me.usage_today.projects_created} of {me.limits.projects_per_day} uploads" in said


def test_billing_that_is_switched_off_is_no_empty_balance() -> None:
    me = MeResponse.model_validate(FakeCloud().me())
    me.billing.credit_balance_cents = None
    me.api_key.scopes = []
    said = key_works(me)
    assert "Billing is switched off." in said
    assert "It may: nothing." in said
