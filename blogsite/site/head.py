"""What the owner adds to the head of public pages: read strictly, then written anew by us.

Nothing typed reaches a page as it stands: what is understood is written again from its parts, so
a browser has nothing to read that this module has read otherwise.
"""

import hashlib
import re
from base64 import b64encode
from html import escape
from html.parser import HTMLParser

from django.utils.translation import gettext as _

_HOST = r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]"
HOST = re.compile(_HOST)
#: Without a port, a name or a backslash, which browsers and we might read in two ways.
ELSEWHERE = re.compile(rf"https://({_HOST})(?:/[!-\[\]-~]*)?", re.IGNORECASE)
#: With these inside, a browser may look for the script's end elsewhere than we do.
ENDLESS = re.compile(r"<(?:!--|/?script)", re.IGNORECASE)

ATTRIBUTES = {
    "meta": r"name|property|itemprop|content|media",
    "link": r"rel|href|type|title|hreflang|media|crossorigin|integrity",
    "script": r"src|async|defer|nomodule|type|crossorigin|integrity|data-[a-z0-9.-]+",
}
#: The blog says these itself; a second word would weaken its privacy or its layout.
OURS = {"referrer", "viewport"}
FETCHING = {"stylesheet", "preconnect", "dns-prefetch"}
#: Nothing is fetched for these, wherever they lead.
TELLING = {
    *("alternate", "author", "license", "me", "payment", "pgpkey", "hub", "webmention"),
    *("pingback", "indieauth-metadata", "authorization_endpoint", "token_endpoint", "micropub"),
}
PROGRAMS = {"", "module", "text/javascript", "application/javascript"}
FACTS = "application/ld+json"

Attributes = dict[str, str | None]


class Head(HTMLParser):
    """`refused` has a sentence for all that may not stand there; then nothing else counts."""

    def __init__(self, code: str, hosts: str) -> None:
        super().__init__()
        self.hosts = set(re.split(r"[\s,]+", hosts.lower())) - {""}
        self.refused: list[str] = []
        self.written, self.hashes = list[str](), set[str]()
        self.runs = self.is_styled = False
        self.script: Attributes | None = None
        self.text = ""
        for host in sorted(self.hosts):
            if not HOST.fullmatch(host):
                self.refuse(_("“%(what)s” is no host. Write one like stats.example.org."), host)
        # Browsers count a line's end as one sign, and so must what we take the hash of.
        self.feed(code.replace("\r\n", "\n").replace("\r", "\n"))
        if self.script is not None:
            self.refuse(_("A <script> is not closed: “%(what)s”."), self.text + self.rawdata)
        elif "<" in self.rawdata:
            self.refuse(_("What begins with “%(what)s” is not closed."), self.rawdata)
        else:
            self.close()

    @property
    def html(self) -> str:
        return "" if self.refused else "\n".join(self.written)

    @property
    def policy(self) -> dict[str, list[str]]:
        """What to add to the content security policy."""
        hosts = {f"https://{host}" for host in self.hosts}
        script, style = (hosts if needed else set() for needed in (self.runs, self.is_styled))
        added = {
            "script-src": script | self.hashes,
            "connect-src": script,
            "style-src": style,
            "font-src": style,
        }
        return {} if self.refused else {name: sorted(new) for name, new in added.items() if new}

    def refuse(self, sentence: str, what: str, tag: str = "") -> None:
        self.refused.append(sentence % {"what": " ".join(what.split())[:80], "tag": tag})

    # -- what the parser meets -----------------------------------------------------------

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        for name in given:
            if not re.fullmatch(ATTRIBUTES.get(tag, ".*"), name):
                self.refuse(_("<%(tag)s> may not have the attribute “%(what)s” here."), name, tag)
        if tag == "script":
            self.script, self.text = given, ""
        elif tag in ATTRIBUTES:
            (self._meta if tag == "meta" else self._link)(given)
            self._write(tag, given)
        else:
            self.refuse(_("<%(what)s> may not stand here, only link, meta and script."), tag)

    def handle_endtag(self, tag: str) -> None:
        if tag == "script" and self.script is not None:
            self._script(self.script, self.text)
            self._write(tag, self.script, f"{self.text}</script>")
            self.script = None
        else:
            self.refuse(_("</%(what)s> ends nothing here."), tag)

    def handle_data(self, data: str) -> None:
        if self.script is not None:
            self.text += data
        elif data.strip():
            self.refuse(_("Text would show up on the page: “%(what)s”."), data)

    def handle_pi(self, data: str) -> None:
        self.refuse(_("<%(what)s> may not stand here, only link, meta and script."), data)

    handle_decl = unknown_decl = handle_pi  # type: ignore[assignment]

    # -- what each may say ---------------------------------------------------------------

    def _meta(self, given: Attributes) -> None:
        name = (given.get("name") or "").strip().lower()
        if name in OURS:
            self.refuse(_("The blog itself says what “%(what)s” is."), name)

    def _link(self, given: Attributes) -> None:
        kinds = set((given.get("rel") or "").lower().split())
        self.is_styled |= "stylesheet" in kinds
        if kinds & FETCHING:
            self._fetch(given.get("href"))
        for kind in sorted(kinds - FETCHING - TELLING) if kinds else [""]:
            self.refuse(_("A link of the kind “%(what)s” may not stand here."), kind)

    def _script(self, given: Attributes, text: str) -> None:
        kind = (given.get("type") or "").strip().lower()
        self.runs |= kind != FACTS
        if kind not in PROGRAMS and (kind != FACTS or "src" in given):
            self.refuse(_("A script of the type “%(what)s” may not stand here."), kind)
        if "src" in given:
            self._fetch(given["src"])
            if text.strip():
                self.refuse(_("A script with src has no text of its own: “%(what)s”."), text)
        elif ENDLESS.search(text):
            told = _("In a script, <!-- and <script hide where it ends: “%(what)s”.")
            self.refuse(told, text)
        elif kind != FACTS:
            digest = hashlib.sha256(text.encode()).digest()
            self.hashes.add(f"'sha256-{b64encode(digest).decode()}'")

    def _fetch(self, address: str | None) -> None:
        found = ELSEWHERE.fullmatch(address or "")
        if not found:
            told = _("“%(what)s” is not the https:// address of a file elsewhere.")
            self.refuse(told, address or "")
        elif found[1].lower() not in self.hosts:
            self.refuse(_("The host %(what)s is not on the list of hosts."), found[1].lower())

    def _write(self, tag: str, given: Attributes, after: str = "") -> None:
        said = (n if v is None else f'{n}="{escape(v)}"' for n, v in given.items())
        self.written.append(f"<{' '.join([tag, *said])}>{after}")
