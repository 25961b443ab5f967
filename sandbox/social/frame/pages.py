"""The stand-ins' own page: what is public on each, as a reader would see it."""

from __future__ import annotations

import html
from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import parse_qs

from sandbox.social.frame.standin import Post, Standin
from sandbox.wire import Request, Response

STYLE = """
:root{color-scheme:light dark;--edge:color-mix(in srgb,currentColor 18%,transparent)}
body{font:16px/1.5 system-ui,sans-serif;max-width:44rem;margin:2rem auto;padding:0 1rem}
nav{display:flex;flex-wrap:wrap;gap:.25rem 1rem;margin:1rem 0 2rem}
article{border:1px solid var(--edge);border-radius:.75rem;padding:1rem 1.25rem;margin:0 0 1rem}
article.comment{margin-left:2rem}
header{display:flex;justify-content:space-between;gap:1rem;font-size:.875rem}
.words{white-space:pre-wrap;overflow-wrap:anywhere;margin:.5rem 0 0}
.files{font-size:.875rem;margin:.5rem 0 0}
"""


def overview(standins: Mapping[str, Standin], request: Request) -> Response:
    """Every public post, the newest first, or those of `?platform=`."""
    wanted = parse_qs(request.query).get("platform", [""])[0]
    shown = [standin for name, standin in standins.items() if wanted in {"", name}]
    posts = [(standin, post) for standin in shown for post in standin.posts.values() if post.public]
    posts.sort(key=lambda pair: pair[1].created_at, reverse=True)
    links = "".join(
        f'<a href="/?platform={name}">{html.escape(one.title or name)} ({one.public})</a>'
        for name, one in standins.items()
    )
    body = "".join(_post(standin, post) for standin, post in posts) or "<p>Nothing is public yet.</p>"
    page = (
        '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>Social stand-ins</title><style>{STYLE}</style><main><h1>Social stand-ins</h1>"
        f'<p>Posts that programs published here. Nothing leaves this machine.</p><nav><a href="/">All</a>{links}</nav>'
        f"{body}</main></html>"
    )
    return Response(200, page.encode(), {"content-type": "text/html; charset=utf-8"})


def _post(standin: Standin, post: Post) -> str:
    account = standin.accounts.get(post.account_id)
    when = datetime.fromtimestamp(post.created_at, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    title = f"<h2>{html.escape(post.title)}</h2>" if post.title else ""
    files = [f"{each.get('type', 'file')}: {each.get('alt') or 'no alternative text'}" for each in post.files]
    shown = f'<p class="files">{html.escape("; ".join(files))}</p>' if files else ""
    return (
        f'<article class="{html.escape(post.kind)}" id="{html.escape(post.id)}"><header>'
        f"<strong>{html.escape(account.name if account else post.account_id)} on {html.escape(standin.title)}</strong>"
        f'<time>{when}</time></header>{title}<p class="words">{html.escape(post.text)}</p>{shown}</article>'
    )
