"""Messages to be sent: put in, claimed, ended, read back. The design is docs/delivery.md."""

from db.outbox.claim import Claim, claim_batch
from db.outbox.enqueue import adopt_post, cancel, enqueue_delete, enqueue_post, enqueue_update
from db.outbox.enqueue_private import (
    enqueue_ephemeral,
    enqueue_prompts,
    enqueue_response,
    enqueue_view,
)
from db.outbox.readback import recover_interrupted
from db.outbox.status import OutboxStatus, ParkedLane, delete_old, find_message, status
