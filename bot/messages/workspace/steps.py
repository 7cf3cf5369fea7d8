"""Workflow Builder's steps: what each asks for there, and what it hands to the next step. Slack's
words for the types: docs.slack.dev/tools/deno-slack-sdk/reference/slack-types."""

from dataclasses import dataclass
from typing import Any

from bot.messages.accounts.account import AccountCard
from bot.messages.kit.message import Message

TEXT, NUMBER = "string", "integer"
PERSON, DAY = "slack#/types/user_id", "slack#/types/date"


@dataclass(frozen=True)
class Field:
    """One value that a step takes or gives."""

    title: str
    about: str
    kind: str = TEXT
    required: bool = True


@dataclass(frozen=True)
class WorkflowStep:
    """A step as Workflow Builder lists it; inputs and outputs by name."""

    title: str
    about: str
    inputs: dict[str, Field]
    outputs: dict[str, Field]


_ACCOUNT = Field("Account", "Its name or one of its other names")
_WHO = Field(
    "Who does this", "A full member of this workspace: “Person who used this workflow”", PERSON
)
_NAME = Field("Account", "The account's name")
_SUMMARY = Field("What was done", "In words, to be shown to people")

STEPS: dict[str, WorkflowStep] = {
    "step_log": WorkflowStep(
        "Log an interaction",
        "Remember what happened with a customer",
        {
            "account": _ACCOUNT,
            "text": Field("What happened", "In a few words, or many"),
            "person": _WHO,
            "kind": Field("Kind", "call, email, meeting, visit, ticket or note", required=False),
            "on": Field("When", "The day it happened; today when empty", DAY, required=False),
        },
        {"account": _NAME, "summary": _SUMMARY},
    ),
    "step_move": WorkflowStep(
        "Move an account",
        "Move a customer's account to another stage of the lifecycle",
        {
            "account": _ACCOUNT,
            "stage": Field("Stage", "A stage of the playbook, or “next”"),
            "person": _WHO,
            "reason": Field("Because", "Required to move back or out", required=False),
        },
        {
            "account": _NAME,
            "before": Field("Stage before", "Where the account was"),
            "stage": Field("Stage", "Where the account is now"),
            "summary": _SUMMARY,
        },
    ),
    "step_account": WorkflowStep(
        "Get an account",
        "Where a customer's account stands, what comes next, what happened lately",
        {"account": _ACCOUNT, "person": _WHO},
        {
            "account": _NAME,
            "stage": Field("Stage", "Where the account is"),
            "days": Field("Days in stage", "How long it has been there", NUMBER),
            "manager": Field("Manager", "Empty when nobody manages it", PERSON, required=False),
            "renews_on": Field("Renews on", "Empty when it is not known", DAY, required=False),
            "summary": Field("Its card", "All of it, to be shown to people"),
        },
    ),
}


def manifest_step(step: WorkflowStep) -> dict[str, Any]:
    """The step as the app's manifest has it."""
    return {
        "title": step.title,
        "description": step.about,
        "input_parameters": _parameters(step.inputs),
        "output_parameters": _parameters(step.outputs),
    }


def account_outputs(card: AccountCard, shown: Message) -> dict[str, Any]:
    """What "Get an account" gives on; what is not known is left out."""
    known = {
        "manager": card.manager,
        "renews_on": card.renews_on.isoformat() if card.renews_on else None,
    }
    return {
        "account": card.name,
        "stage": card.stage,
        "days": card.days,
        "summary": shown.text,
        **{name: value for name, value in known.items() if value},
    }


def _parameters(fields: dict[str, Field]) -> dict[str, Any]:
    return {
        "properties": {
            name: {"type": field.kind, "title": field.title, "description": field.about}
            for name, field in fields.items()
        },
        "required": [name for name, field in fields.items() if field.required],
    }
