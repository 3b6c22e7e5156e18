"""Heads that try to run code, to widen who may read, to hide a key or to exhaust the reader."""

GOOD = ["title: A question?", "audience: staff", "status: published"]


def _without(key: str) -> list[str]:
    return [line for line in GOOD if not line.startswith(key)]


def _with(*lines: str) -> str:
    return "\n".join([*GOOD, *lines])


def _instead(key: str, *lines: str) -> str:
    return "\n".join([*_without(key), *lines])


RUNS_CODE = [
    _with(f"owner: {tag}")
    for tag in (
        "!!python/object/apply:os.system ['touch /tmp/owned']",
        "!!python/object/new:os.system ['true']",
        "!!python/name:os.system",
        "!!python/module:os",
        "!!python/object:portal.settings.Settings {}",
        "!!python/tuple [a]",
        "!!binary aGVsbG8=",
        "!!str x",
        "!!set {a}",
        "!!timestamp 2026-01-01",
        "!local x",
        "! x",
        "!<tag:yaml.org,2002:python/name:os.system> x",
    )
]

WIDENS_AUDIENCE = [
    _instead("audience"),
    *[
        _instead("audience", f"{line}")
        for line in (
            "audience:",
            "audience: ~",
            "audience: null",
            "audience: ''",
            "audience: []",
            "audience: {}",
            "audience: everybody",
            "audience: Public",
            "audience: PUBLIC",
            "audience: ' public'",
            "audience: public,staff",
            "audience: [public]",
            "audience: [public, staff]",
            "audience: true",
            "audience: organisations",
            "audience: {organisations: }",
            "audience: {organisations: []}",
            "audience: {organisations: acme}",
            "audience: {organisations: {acme: true}}",
            "audience: {organisations: [[acme]]}",
            "audience: {organisations: ['']}",
            "audience: {organisations: ['*']}",
            "audience: {organisations: ['a b']}",
            "audience: {organisations: [acme], public: true}",
            "audience: {organizations: [acme]}",
            "audience: {public: [acme]}",
            "Audience: public",
            "audiance: public",
            "audiences: public",
            "'audience ': public",
            "audience\u200b: public",
            "\u0430udience: public",
            "? audience\n: - public",
            "? [audience]\n: public",
            "{audience: public}",
            "<<: {audience: public}",
        )
    ],
    _with("audience: public"),
    _with("'audience': public"),
    _with('"audi\\u0065nce": public'),
    _with("audience: staff"),
    "audience: public\n" + "\n".join(GOOD),
    _with("a: &x {audience: public}", "<<: *x"),
    _with("---", "audience: public").replace("---", "...", 1),
]

WIDENS_STATUS = [
    _instead("status", line)
    for line in (
        "",
        "status:",
        "status: ~",
        "status: live",
        "status: Published",
        "status: yes",
        "status: [published]",
        "status: {published: true}",
        "stauts: published",
        "state: published",
    )
]

BREAKS_YAML = [
    _with("a: b: c"),
    _with("\tindented: by tab"),
    _with("unclosed: 'quote"),
    _with('unclosed: "quote'),
    _with("unclosed: [list"),
    _with("unclosed: {map"),
    _with("@reserved: x"),
    _with("`reserved`: x"),
    _with("%YAML 9.9"),
    "%YAML 9.9\n" + "\n".join(GOOD),
    _with("key: |\n text\n  - x\n bad: [}"),
    _with("- list in a map"),
    "- title: x",
    "just text",
    "'a string'",
    "42",
    "[]",
    "null",
    "",
    _with("\x00"),
    _with("\x07bell: x"),
    _with("\x1b[31m: x"),
    _with("owner: \ud800"),
    _with("\ufeffowner: x"),
    _with("*undefined: x"),
    _with("a: &a [*a]"),
    _with("? : ?"),
]

EXHAUSTS = [
    _with("owner: " + "[" * 50 + "]" * 50),
    _with("owner: " + "{a: " * 50 + "}" * 50),
    _with("- " * 2_000 + "x"),
    _with("owner: " + "[" * 20_000),
    _with("a: &a [x,x,x]", "b: &b [*a,*a,*a]", "c: &c [*b,*b,*b]", "d: [*c,*c,*c]"),
    _with("search_words: [" + "a," * 20_000 + "]"),
    _with("search_words: [" + ",".join(f"w{n}" for n in range(2_000)) + "]"),
    _with("owner: " + "x" * 70_000),
    _with("owner: " + "x" * 5_000),
    _with(*(f"key{n}: x" for n in range(5_000))),
    _with("review_every: " + "9" * 5_000),
    _with("review_every: 1e400"),
    _with("review_every: 0x1F"),
    _with("review_every: -1"),
    _with("review_every: 99999"),
    _with("review_every: ²"),
]

WRONG_VALUES = [
    _instead("title", "title: ''"),
    _instead("title", "title: ~"),
    _instead("title", "title: [a]"),
    _instead("title", 'title: "a\\u202eb"'),
    _instead("title", 'title: "a\\x00b"'),
    _instead("title", f"title: {'x' * 300}"),
    _with("verified_on: 2026-13-01"),
    _with("verified_on: 2026-02-30"),
    _with("verified_on: yesterday"),
    _with("verified_on: 2026-01-01T00:00:00Z"),
    _with("verified_on: 0000-00-00"),
    _with("pinned: yes"),
    _with("pinned: 1"),
    _with("pinned: [true]"),
    _with("type: virus"),
    _with("type: ../../x"),
    _with("category: ../../etc"),
    _with("category: Bad Name"),
    _with("aliases: [../admin]"),
    _with("aliases: ['/']"),
    _with("aliases: [a//b]"),
    _with("aliases: {a: b}"),
    _with("aliases: [UPPER]"),
    _with("aliases: ['']"),
    _with("heir: x"),
    _with("heir: [x]"),
    _with("applies_to: {a: b}"),
    _with("applies_to: [[a]]"),
    _with("owner: {name: x}"),
    _with("summary: [x]"),
    _with("constructor: x"),
    _with("__proto__: x"),
    _with("html: <script>"),
    _with("id: 1"),
    _with("published_version_id: 1"),
]

HEADS = RUNS_CODE + WIDENS_AUDIENCE + WIDENS_STATUS + BREAKS_YAML + EXHAUSTS + WRONG_VALUES
