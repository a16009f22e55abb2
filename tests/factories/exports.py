"""What other systems export, small."""

import io
import json
import zipfile
from collections.abc import Mapping

ITEM = """<item><title>{title}</title><link>https://old.example/{slug}/</link><dc:creator>ada</dc:creator>
<content:encoded><![CDATA[{body}]]></content:encoded><excerpt:encoded><![CDATA[]]></excerpt:encoded>
<wp:post_id>{key}</wp:post_id><wp:post_date_gmt>2019-05-01 10:00:00</wp:post_date_gmt>
<wp:post_name>{slug}</wp:post_name>
<wp:status>{status}</wp:status><wp:post_parent>{parent}</wp:post_parent><wp:post_type>{kind}</wp:post_type>{more}</item>"""


def item(key: int, title: str, body: str = "", **more: str) -> str:
    """Return one item of a WordPress export."""
    values = {"slug": title.lower().replace(" ", "-"), "status": "publish", "parent": "0", "kind": "post", "more": ""}
    return ITEM.format(key=key, title=title, body=body, **{**values, **more})


def comment(key: int, text: str, parent: int = 0, **more: str) -> str:
    """Return one comment, to stand in an item's `more`."""
    kind, approved = more.get("kind", "comment"), more.get("approved", "1")
    return f"""<wp:comment><wp:comment_id>{key}</wp:comment_id><wp:comment_author><![CDATA[Bo]]></wp:comment_author>
<wp:comment_author_email>bo@example.org</wp:comment_author_email>
<wp:comment_date_gmt>2019-05-02 10:00:00</wp:comment_date_gmt>
<wp:comment_content><![CDATA[{text}]]></wp:comment_content><wp:comment_approved>{approved}</wp:comment_approved>
<wp:comment_type>{kind}</wp:comment_type><wp:comment_parent>{parent}</wp:comment_parent></wp:comment>"""


def wordpress(*items: str, version: str = "1.2", head: str = "") -> bytes:
    """Return a WordPress export of these items."""
    named = f"<wp:wxr_version>{version}</wp:wxr_version>" if version else ""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/" xmlns:dc="http://purl.org/dc/elements/1.1/"
xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:wp="http://wordpress.org/export/1.2/"><channel>
<title>Old site</title><link>https://old.example</link>{named}<wp:base_blog_url>https://old.example</wp:base_blog_url>
<wp:author><wp:author_login>ada</wp:author_login><wp:author_display_name>Ada</wp:author_display_name></wp:author>
<wp:category><wp:term_id>7</wp:term_id><wp:category_nicename>news</wp:category_nicename><wp:cat_name>News</wp:cat_name></wp:category>
{head}{"".join(items)}</channel></rss>""".encode()


def ghost(*posts: Mapping[str, object]) -> bytes:
    """Return a Ghost export of these posts."""
    tags = [{"id": "t1", "name": "News", "slug": "news"}, {"id": "t2", "name": "#internal", "slug": "hash-internal"}]
    links = [{"post_id": post["id"], "tag_id": "t1", "sort_order": 0} for post in posts]
    data = {"posts": list(posts), "tags": tags, "posts_tags": links, "users": [{"id": "u1", "name": "Ada"}]}
    return json.dumps({"db": [{"meta": {"version": "2.1.3"}, "data": data}]}).encode()


def packed(files: Mapping[str, bytes]) -> bytes:
    """Return a ZIP of these files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()
