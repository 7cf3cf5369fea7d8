"""The sentences that are understood: patterns, what each asks for, and the words they are made of.

A new way of saying something is a line here and a line in the table of tests/rules/test_intents.py.
"""

from __future__ import annotations

from typing import Literal

IntentName = Literal[
    "next",  # what is open, for an account, a department, "mine", or the asker
    "standing",  # one account's card
    "named",  # a few words that are perhaps an account's name and nothing else
    "board",  # every stage
    "stage",  # the accounts of one stage
    "log",  # to be remembered; the account may be among the words of `text`
    "move",
    "digest",
    "risks",  # the accounts at risk: "mine", or everybody's
    "away",  # somebody covers for the asker until a day
    "help",
    "status",
    "advocates",  # who may be asked for a favour: `text` is the favour, with "in healthcare"
    "how",  # asks for something that a command does: `text` is the command
    "hello",
    "thanks",
    "unsure",
]

_SPAN = r"(?P<span>today|this week)"
_ASK = r"(?:what(?:'s| is| are| comes)?|anything|something)"
_OPEN = r"(?:next|due|open|planned|coming up|coming|overdue|to do|left to do|up next|up)"
_FOR = r"(?:for|with|at|in|of|on|by|to)"
MY_WORDS = r"(?:me|myself|us|mine|my list|my accounts|i|we)"
_A = r"(?:(?:an?|the|my|our|this|that) )?"
KIND = r"(?P<kind>call|phone call|e-?mail|mail|meeting|visit|ticket|note)"
_LOG = r"(?:log|note|record|write down|remember|add|save)"
NAME = r"(?P<account>.+?)"
_REST = r"(?P<text>.+)"

KINDS = {"phone call": "call", "mail": "email", "e-mail": "email"}
PAST_VERBS = {
    **dict.fromkeys(("called", "phoned", "rang", "spoke", "spoken", "talked"), "call"),
    **dict.fromkeys(("emailed", "wrote", "mailed"), "email"),
    **{"met": "meeting", "visited": "visit"},
}
_PAST_VERB_WORDS = "|".join(PAST_VERBS)
NOT_NAMES = frozenset(
    "it them they that this he she what who where when how why everything nothing all yes no ok "
    "okay something anything someone everybody".split()
)

# Read from top to bottom: (pattern, what it asks for). Every pattern has to fit the whole sentence.
_ALL_OF_MINE = (
    r"(?:all (?:of )?(?:mine|my (?:accounts|work|nudges|touchpoints|stuff))|"
    r"everything(?: of mine)?|my (?:accounts|work|nudges|touchpoints)|mine)"
)
_WHO = r"(?P<who><@[^>]+>|@?[^\s,]+(?: [^\s,]+)?)"
_UNTIL = r"(?:until|till|through)"
_TILL = r"(?:until|till|through|to)"
_SINCE = r"from (?P<since>.+?)"
_I_AM_OUT = r"(?:i am|i'm|i'll be|i will be) (?:away|out|off|back|on (?:holiday|leave|vacation))"
_STANDS_IN = r"(?:stands in|covers|takes over|fills in|is my (?:cover|deputy))(?: for me)?"
PATTERNS: tuple[tuple[str, IntentName], ...] = (
    # -- going away
    (
        rf"(?:hand|give|pass)(?: over)? {_ALL_OF_MINE}(?: over)? to {_WHO}(?: {_SINCE})? "
        rf"{_TILL} {_REST}",
        "away",
    ),
    (
        rf"(?:{_I_AM_OUT}|away) {_SINCE} {_TILL} (?P<text>.+?)"
        rf"(?:(?:[,;] (?:and )?| and ){_WHO} {_STANDS_IN})?",
        "away",
    ),
    (rf"{_I_AM_OUT} {_UNTIL} (?P<text>.+?)(?:[,;] (?:and )?| and ){_WHO} {_STANDS_IN}", "away"),
    (r"(?:help|\?|commands?|menu|what (?:can|do) (?:you|i) (?:do|say|ask)(?: here)?)", "help"),
    (r"(?:how does (?:this|it) work|how do (?:i|you) work|who are you)", "help"),
    (r"(?:hi|hello|hey|hiya|yo|good (?:morning|afternoon|evening)|morning)", "hello"),
    (r"(?:thanks|thank you|thx|cheers|great|perfect|nice|cool)(?: .{1,30})?", "thanks"),
    (r"(?:linchpin )?status|are you (?:ok|okay|well|there|alive)|is all well", "status"),
    # -- advocates
    (
        r"who (?:can|could|might|may|would|will) (?:we ask for|i ask for|give(?: us| me)?|do|"
        r"write(?: us| me)?|be|hold|make)(?: an?| the| us)? (?P<text>.+)",
        "advocates",
    ),
    (
        r"(?:(?:find|show|list|give)(?: me| us)? )?(?:an? |any |our )?"
        r"(?P<text>(?:reference|advocate)s?(?: calls?)?(?: in .+)?)",
        "advocates",
    ),
    # -- digests
    (
        r"(?:show (?:me )?)?(?:(?P<department>my) (?:weekly )?digest|"
        r"digest (?:of |for )?(?P<mine>me|mine))",
        "digest",
    ),
    (rf"(?:show (?:me )?)?(?:{_A}(?:weekly )?digest|this week's digest)", "digest"),
    (r"(?:digest|summary) (?:of |for |in )?(?:the )?(?P<department>.+)", "digest"),
    (r"(?:the )?(?P<department>.+?)(?:'s)? (?:weekly )?digest", "digest"),
    # -- who is at risk
    (
        r"(?:show (?:me )?)?(?:(?:which|what|who)(?:'s| of)? ?)?(?P<whose>my |our |the )?"
        r"(?:accounts?|customers?|renewals?|clients?)?(?: is| are)? ?at risk",
        "risks",
    ),
    # -- the board
    (r"(?:show (?:me )?)?(?:the |our )?(?:board|pipeline|stages|all accounts)", "board"),
    (r"(?:list|show)(?: me)? (?:all )?(?:the |our |my )?accounts", "board"),
    (
        r"where (?:is|are|does|do) (?:everybody|everyone|all accounts|they all|we)(?: stand)?",
        "board",
    ),
    (
        r"(?:who|which accounts?|what accounts?)(?:'s| is| are| stands?)? "
        r"(?:currently |now )?(?:in|at) (?:the )?(?P<stage>.+?)(?: stage)?(?: now)?",
        "stage",
    ),
    (
        r"(?:list|show)(?: me)? (?:all )?(?:the )?accounts (?:which are |that are )?in "
        r"(?:the )?(?P<stage>.+?)(?: stage)?",
        "stage",
    ),
    # -- what comes next
    (rf"{_ASK} {_OPEN}(?: {_SPAN})?", "next"),
    (rf"{_ASK} (?:{_OPEN} )?{_SPAN}", "next"),
    (r"next|my (?:touchpoints|tasks|todos?|list)", "next"),
    (
        rf"{_ASK} {_OPEN}(?: {_SPAN})? {_FOR} (?:{_A}(?:team|department) )?{NAME}"
        r"(?: (?P<later>today|this week))?",
        "next",
    ),
    (rf"{_ASK} {NAME}'s next (?:step|touchpoint|move|thing)s?", "next"),
    (rf"{_ASK} (?:the )?next (?:step|touchpoint|thing|move)s? {_FOR} {NAME}", "next"),
    (rf"(?:show (?:me )?)?(?:the )?next (?:steps? )?{_FOR} {NAME}", "next"),
    (
        rf"what (?:do|should|must|can) (?P<account>i|we) (?:have to |need to )?do"
        rf"(?: next)?(?: {_SPAN})?",
        "next",
    ),
    (
        rf"what (?:do|should|must|can|does) .{{1,20}}? (?:have to |need to )?do(?: next)? "
        rf"{_FOR} {NAME}",
        "next",
    ),
    (rf"what does (?:the )?{NAME} (?:team )?(?:have to|need to) do(?: next)?(?: {_SPAN})?", "next"),
    (rf"(?:what is|what's) on (?P<account>my) (?:plate|list)(?: {_SPAN})?", "next"),
    (r"next (?P<account>.+)", "next"),
    # -- moving: "move acme to renewal" is taken apart below
    (rf"(?:move|put|set|shift|promote|bring) {_REST}", "move"),
    # -- remembering
    (rf"{_LOG} (?:down )?{_A}{KIND} (?:with|to|from|for|at|about|on) {_REST}", "log"),
    (
        rf"{_LOG} (?:down )?(?:that )?(?:i|we) (?:have |just )*(?P<did>{_PAST_VERB_WORDS}) {_REST}",
        "log",
    ),
    (rf"(?:i|we) (?:have |just )*(?P<did>{_PAST_VERB_WORDS}) {_REST}", "log"),
    (rf"(?:(?:i|we) )?(?:just )?had {_A}(?:good |great |short |long )?{KIND} with {_REST}", "log"),
    (rf"{KIND} (?:with|to|from|for|at) {_REST}", "log"),
    (rf"(?:log|record|note) (?:for |on |about |with )?{_REST}", "log"),
    # -- one account
    (
        rf"who(?:'s| is| are)? (?:the |its )?(?:owns?|owner|manages?|manager|managing|responsible|"
        rf"in charge|looks after|looking after|handles?|handling|has|does)"
        rf"(?: (?:of|for))? (?:the |our )?.{{2,40}}? (?:at|of|for|with) {NAME}",
        "standing",
    ),
    (
        rf"who(?:'s| is)? (?:the )?(?:owns?|owner|manages?|manager|managing|responsible|in charge|"
        rf"looks after|looking after|handles?|handling|has)(?: (?:of|for|with))? {NAME}",
        "standing",
    ),
    (rf"who(?:'s| is) {NAME}'s (?:account )?(?:manager|owner)", "standing"),
    (rf"where (?:does|do|is|are|did) {NAME}(?: stand| stay| now| at| in the process)*", "standing"),
    (rf"how (?:is|are|does|do|'s) {NAME} (?:doing|going|look|looking|stand|standing)", "standing"),
    (rf"how(?:'s| is| are) {NAME}", "standing"),
    (rf"when (?:does|is|will|do) {NAME}(?:'s)? (?:renew|renewal|up for renewal|due)", "standing"),
    (rf"when (?:does|is) {NAME} (?:come up|up)(?: for renewal)?", "standing"),
    (rf"(?:what|which) stage (?:is|are) {NAME}(?: in| at| now)*", "standing"),
    (
        rf"what(?:'s| is| has)? (?:happened|happening|going on|new|up|the (?:story|status|state))"
        rf"(?: lately)? (?:with|at|of|to|on) {NAME}",
        "standing",
    ),
    (rf"what do (?:we|you) know (?:about|of) {NAME}", "standing"),
    (
        rf"(?:show|tell|give|get|find|look up|open)(?: me)?(?: the)?"
        rf"(?: (?:card|status|state|story))?(?: (?:about|of|for|on))? (?:{_A}account )?{NAME}",
        "standing",
    ),
    (rf"(?:status|state|standing|stage) (?:of|for|at) {NAME}", "standing"),
    (rf"/?(?:stage|account) {_REST}", "move"),
)
# What only a command does: the words that ask for it, and the command.
HOW: tuple[tuple[str, str], ...] = (
    (r"(?:add|create|new|import)\b.*\b(?:account|customer|prospect)s?\b.*", "/account"),
    (r"(?:rename|archive|restore|delete|remove|alias)\b.+", "/account"),
    (r"(?:change|make|assign|give)\b.+\b(?:manager|owner|renewal|name)\b.*", "/account"),
    (r"(?:change|show|open)?\s*(?:my |the )?settings?", "/linchpin"),
    (rf"{_I_AM_OUT}\b(?!.* {_STANDS_IN})(?! from ).*", "/linchpin"),
    (r"digest (?:on|off)|(?:stop|start|turn o(?:n|ff))\b.*\bdigests?\b.*", "/linchpin"),
)
