from tests.story import Story
def test_try(story: Story) -> None:
    for a in ("Acme","Initech","Vellum","Globex"):
        story.types("priya", f"/account add {a} stage onboarding")
    seen = {}
    for t in ("2026-11-24 09:05","2026-11-24 12:00","2026-11-25 09:05","2026-11-26 09:05","2026-11-27 09:05","2026-11-30 09:05","2026-12-01 09:05","2026-12-02 09:05"):
        story.until(t); story.settle()
        print("=======",t)
        for ch in ("#operations","#sales","#marketing"):
            for m in story.slack.messages(ch):
                if seen.get(m.ts) != m.text:
                    print(ch, m.ts[:10], len(m.blocks), 'EDIT' if m.ts in seen else 'NEW', '\n   ', m.text)
                    seen[m.ts]=m.text
        for w in ("priya","diego","tom"):
            for m in story.slack.dms(w):
                if seen.get(m.ts) != m.text:
                    print(w, m.ts[:10], 'EDIT' if m.ts in seen else 'NEW', '\n   ', m.text)
                    seen[m.ts]=m.text
    print(story.slack.complaints)
    assert 0
