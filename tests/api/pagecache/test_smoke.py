import re, time
from tests.factories import demo
HTML = {"accept": "text/html", "accept-encoding": "identity"}
async def test_it(house, client, owner):
    await demo.made(house)
    await house.jobs.run_until_idle()
    client.headers.update(HTML)
    seen, queue = {}, ["/", "/sitemap.xml", "/blog/feed.xml"]
    while queue:
        path = queue.pop()
        if path in seen or len(seen) > 150: continue
        answer = await client.get(path)
        seen[path] = answer.status_code, "etag" in answer.headers
        if answer.status_code == 200:
            text = answer.text
            found = re.findall(r'(?:href|hx-get)="(/[^"#]*)"', text) + re.findall(r'<loc>http://localhost(/[^<]*)</loc>', text)
            queue += [f.replace("&amp;", "&") for f in found if not f.startswith(("/assets", "/theme", "/media", "/admin", "/account", "/icons"))]
    shelf = house.shelf
    for path, (status, kept) in sorted(seen.items()):
        print(status, kept, path)
    print(len(shelf.entries), shelf.bytes)
    for key, e in shelf.entries.items():
        print(key.path, key.query, key.is_part, len(e.body), sorted({m for m in e.marks if ":" not in m}), len(e.marks), e.until)
