"""Short notes on made-up facts about things that are alike, with questions and statements: a swap of one word makes them wrong.

Public question sets hardly ask for the yearly plan where the text tells of the monthly one; documents of firms invite it.
"""
from __future__ import annotations

PEOPLE = ["Maria Lopez", "James Carter", "Ines Novak", "Peter Lang", "Amina Diallo", "Tom Becker", "Yuki Tanaka", "Laura Rossi", "Samuel Osei", "Nina Petrov"]
MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"]
DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
FILLERS = ["Please read these notes before you start.", "Changes are announced one week ahead.", "The list below is kept up to date by the office.",
           "Questions go to the front desk.", "This page was last reviewed in spring.", "Exceptions need a written request.",
           "The rules apply to all locations.", "Most people never need more than this."]

# families of things that are alike; how a text says the fact; how it is asked; how a statement says it. {s} thing, {v} value
KINDS = {
    "valid": ([["trial licence", "yearly licence", "student licence", "site licence"], ["day pass", "week pass", "season ticket"],
               ["staff badge", "visitor badge", "contractor badge"], ["gift card", "loyalty card", "parking permit", "library card"]],
              ["The {s} is valid for {v}.", "The {s} expires after {v}.", "You can use the {s} for {v}."],
              ["How long is the {s} valid?", "When does the {s} expire?", "For how long can I use a {s}?"],
              ["A {s} is valid for {v}.", "The {s} expires after {v}.", "The {s} works for {v}."]),
    "size": ([["profile picture", "product photo", "banner image"], ["audio file", "video file", "spreadsheet"], ["job application", "support attachment"]],
             ["The {s} may be up to {v} in size.", "A {s} must not be larger than {v}.", "For a {s} the limit is {v}."],
             ["How large may a {s} be?", "What is the size limit of a {s}?", "How big can the {s} be at most?"],
             ["A {s} may be up to {v} large.", "The limit for a {s} is {v}.", "A {s} can have at most {v}."]),
    "price": ([["monthly plan", "yearly plan", "family plan"], ["single room", "double room", "meeting room"], ["adult ticket", "child ticket", "group ticket"],
               ["basic course", "advanced course", "evening course"]],
              ["The {s} costs {v}.", "The price of the {s} is {v}.", "We charge {v} for the {s}."],
              ["How much does the {s} cost?", "What is the price of the {s}?", "What do I pay for the {s}?"],
              ["The {s} costs {v}.", "The price of the {s} is {v}.", "{v} is charged for the {s}."]),
    "person": ([["payroll", "recruiting", "purchasing", "legal affairs"], ["shipping", "customer support", "marketing", "quality control"]],
               ["{v} is in charge of {s}.", "{v} runs {s}.", "The head of {s} is {v}."],
               ["Who is in charge of {s}?", "Who leads {s}?", "Who is responsible for {s}?"],
               ["{v} is in charge of {s}.", "{v} leads {s}.", "{s} is led by {v}."]),
    "day": ([["lift", "boiler", "fire alarm"], ["weekly newsletter", "sales report", "stock report"], ["mail server", "print server", "test system"]],
            ["The {s} is checked every {v}.", "Every {v} somebody checks the {s}.", "Checks of the {s} take place on {v}."],
            ["When is the {s} checked?", "On which day is the {s} checked?", "On what day do checks of the {s} take place?"],
            ["The {s} is checked on {v}.", "Checks of the {s} take place every {v}."]),
    "opening": ([["Hamburg office", "Lyon office", "Boston office", "Osaka office"], ["north warehouse", "south warehouse", "harbour warehouse"]],
                ["The {s} opened in {v}.", "In {v} the {s} was opened.", "We moved into the {s} in {v}."],
                ["When did the {s} open?", "Since when has there been a {s}?", "In which month was the {s} opened?"],
                ["The {s} opened in {v}.", "The {s} was opened in {v}."]),
    "place": ([["spare key", "first-aid kit", "projector", "toolbox"], ["visitor list", "signed contract", "stock ledger"]],
              ["The {s} is kept in {v}.", "You find the {s} in {v}.", "In {v} there is the {s}."],
              ["Where is the {s} kept?", "Where do I find the {s}?", "Where is the {s}?"],
              ["The {s} is kept in {v}.", "The {s} is in {v}."]),
    "count": ([["Hamburg office", "Lyon office", "Boston office", "Osaka office"], ["design team", "sales team", "research team"]],
              ["The {s} has {v} employees.", "{v} people work in the {s}.", "There are {v} employees in the {s}."],
              ["How many people work in the {s}?", "How many employees does the {s} have?"],
              ["The {s} has {v} employees.", "{v} people work in the {s}."]),
    "default": ([["max_retries", "page_size", "worker_count", "batch_size"], ["cache_seconds", "lock_seconds", "idle_seconds"]],
                ["The default of `{s}` is {v}.", "`{s}` is {v} unless it is set.", "`{s}` defaults to {v}."],
                ["What is the default of {s}?", "Which value does {s} have if it is not set?", "What does {s} default to?"],
                ["{s} is {v} by default.", "The default of {s} is {v}.", "Unless it is set, {s} is {v}."]),
    "notice": ([["junior engineer", "senior engineer", "team leader"], ["part-time contract", "full-time contract", "summer contract"]],
               ["For a {s} the notice period is {v}.", "A {s} has a notice period of {v}.", "The notice period of a {s} is {v}."],
               ["What is the notice period of a {s}?", "How long is the notice period for a {s}?"],
               ["The notice period of a {s} is {v}.", "For a {s} the notice period is {v}."]),
    "right": ([["publish pages", "invite members", "close tickets", "approve orders"], ["book rooms", "change prices", "export the customer list"]],
              ["Only {v} can {s}.", "To {s} is left to {v}.", "{v} may {s}; nobody else can."],
              ["Who can {s}?", "Who may {s}?", "Who is allowed to {s}?"],
              ["{v} can {s}.", "{v} are allowed to {s}."]),
}
DENIED = {" is ": " is not ", " can ": " cannot ", " has ": " does not have ", " costs ": " does not cost ", " are ": " are not ", " opened ": " did not open ",
          " leads ": " does not lead ", " expires ": " does not expire ", " works ": " does not work "}
PLACES = ["the basement", "room 214", "the north wing", "the archive", "the reception", "cabinet 7", "the workshop", "building C"]
ROLES = ["managers", "tutors", "assistants", "moderators", "supervisors", "accountants", "reviewers"]


def value(kind, rng):
    match kind:
        case "valid" | "notice": return f"{rng.choice((2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 21, 45, 90))} {rng.choice(('days', 'weeks', 'months'))}"
        case "size": return f"{rng.choice((2, 3, 4, 5, 8, 10, 12, 15, 25, 40, 50, 80, 100, 250, 500))} {rng.choice(('MB', 'MB', 'GB'))}"
        case "price": return f"{rng.choice(('$', '€'))}{rng.choice((5, 8, 9, 12, 15, 18, 19, 24, 29, 35, 49, 60, 79, 99, 120, 149, 200, 350))}"
        case "person": return rng.choice(PEOPLE)
        case "day": return rng.choice(DAYS)
        case "opening": return f"{rng.choice(MONTHS)} {rng.randint(1996, 2024)}"
        case "place": return rng.choice(PLACES)
        case "right": return rng.choice(ROLES)
        case _: return str(rng.randint(2, 400))


def upper(text):
    return text[0].upper() + text[1:]


def note(rng):
    """A note of three to seven facts: its text, and (kind, thing, value, place of the value) of each fact, and the things it does not speak of."""
    sentences, facts, absent = [], [], []
    for kind in rng.sample(list(KINDS), rng.choice((1, 2, 2, 3))):
        things = rng.sample(family := rng.choice(KINDS[kind][0]), len(family))
        told = max(1, min(len(things) - 1, rng.choice((1, 2, 2, 3))))
        values = []
        while len(values) < told:
            if (new := value(kind, rng)) not in values:
                values.append(new)
        for thing, v in zip(things, values):
            sentences.append((kind, thing, v, upper(rng.choice(KINDS[kind][1]).format(s=thing, v=v))))
        absent += [(kind, thing) for thing in things[told:]]
    sentences += [(None, None, None, text) for text in rng.sample(FILLERS, rng.choice((0, 1, 1, 2)))]
    rng.shuffle(sentences)
    text = ""
    for kind, thing, v, sentence in sentences:
        text += " " * bool(text)
        if kind:
            facts.append((kind, thing, v, len(text) + sentence.lower().index(v.lower())))
        text += sentence
    return text, facts, absent


def questions(rng, count):
    for _ in range(count):
        text, facts, absent = note(rng)
        kind, thing, v, start = rng.choice(facts)
        ask = lambda kind, thing: upper(rng.choice(KINDS[kind][2]).format(s=thing))
        yield dict(question=ask(kind, thing), passage=text, answers=[dict(text=text[start: start + len(v)], start=start)], answerable=True)
        kind, thing = rng.choice(absent)
        yield dict(question=ask(kind, thing), passage=text, answers=[], answerable=False)


def statements(rng, count):
    for _ in range(count):
        text, facts, absent = note(rng)
        kind, thing, v, _ = rng.choice(facts)
        say = lambda thing, v: upper(rng.choice(KINDS[kind][3]).format(s=thing, v=v))
        yield dict(premise=text, hypothesis=(true := say(thing, v)), label="supported")
        others = [o for k, _, o, _ in facts if k == kind and o != v]
        wrong = rng.choice(others) if others and rng.random() < 0.7 else value(kind, rng)
        denied = [true.replace(word, no, 1) for word, no in DENIED.items() if word in true]
        if denied and rng.random() < 0.3:
            yield dict(premise=text, hypothesis=rng.choice(denied), label="contradicted")
        elif wrong != v:
            yield dict(premise=text, hypothesis=say(thing, wrong), label="contradicted")
        kind, thing = rng.choice(absent)
        told = [o for k, _, o, _ in facts if k == kind]
        if rng.random() < 0.6:
            yield dict(premise=text, hypothesis=say(thing, rng.choice(told)), label="not_enough")
