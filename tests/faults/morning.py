"""What a daily run does with the chain, the ledger and the store, without Prefect; and what must be true after it."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from pydantic import SecretStr
from sqlmodel import col, select

from pressroom import formats
from pressroom.calls.books import Books
from pressroom.calls.chain import Chain, Health, RetryPolicy, chain_of
from pressroom.calls.ledger import Ledger
from pressroom.calls.providers import Account
from pressroom.calls.requests import Text
from pressroom.errors import ChainExhausted
from pressroom.gates.idea_gate import gate_ideas
from pressroom.model import Assignment, Idea, IdeaList, Preferences
from pressroom.store import contents, runs, subjects
from pressroom.store.database import Database
from pressroom.store.tables import Content, ProviderCall, Run, SubjectRow
from pressroom.store.workspaces import workspace
from pressroom.writing.drafting import Written, write
from pressroom.writing.requests import ideas_request
from sandbox import ProviderServer

DAY = date(2026, 11, 20)
FORM = "x_thread"
DIALECT = {"openai": "openai_chat", "compatible": "openai_chat", "anthropic": "anthropic_messages"}
BACKUP = {"openai": "anthropic", "compatible": "anthropic", "anthropic": "openai"}
_numbers = itertools.count(1)


@dataclass
class Morning:
    """One run in a workspace of its own. `failures`: what could not be had in the last `make`."""

    server: ProviderServer
    database: Database
    run: Run
    failures: list[ChainExhausted] = field(default_factory=list)

    @classmethod
    def begun(cls, server: ProviderServer, database: Database) -> Morning:
        name = f"w{next(_numbers)}"
        wanted = Run(
            workspace_id=workspace(database, name).id,
            kind="daily",
            run_key=name,
            day=DAY,
            trigger="m",
            status="running",
        )
        return cls(server, database, runs.open_run(database, wanted, lease_seconds=90))

    def chain(self, *names: str, timeout: float = 10.0, **policy: Any) -> Chain:
        """As a process that has just started has it."""
        urls = {"anthropic": self.server.anthropic_url}
        accounts = [
            Account(
                name=name,
                provider=name,
                api_key=SecretStr("k"),
                base_url=urls.get(name, self.server.openai_url),
                model=f"{name}-model",
                timeout=timeout,
            )
            for name in names
        ]
        chosen = RetryPolicy(**{"backoff": 0, "circuit_seconds": 0.05, **policy})
        return chain_of(accounts, chosen, health=Health(chosen))

    def ledger(self) -> Ledger:
        return Ledger(self.database, self.run.workspace_id, run_id=self.run.id, execution=f"e{next(_numbers)}")

    def make(self, chain: Chain, *, ideas: int = 1, forms: tuple[str, ...] = (FORM,)) -> None:
        """Whatever is still missing, as every start of the run would."""
        self.failures = []
        ledger = self.ledger()
        try:
            for row in subjects.subjects_of(self.database, self.run.id) or self._find_ideas(chain, ledger, ideas):
                for form in forms:
                    self.draft(row, form, chain, ledger)
        except ChainExhausted as error:
            self.failures.append(error)

    def _find_ideas(self, chain: Chain, ledger: Ledger, wanted: int) -> list[SubjectRow]:
        accepted: list[Idea] = []
        seen: list[Idea] = []
        for _ in range(3):
            request = ideas_request(
                count=wanted - len(accepted),
                day=DAY,
                preferences=Preferences(),
                temperature=0.8,
                max_output_tokens=1000,
                exclude=[idea.title for idea in seen],
            )
            completion = chain.ask(Text(request), Books(ledger, task="ideas"))
            known = runs.get_run(self.database, self.run.id).idea_calls
            runs.amend(self.database, self.run.id, idea_calls=list(dict.fromkeys([*known, *completion.call_ids])))
            assert isinstance(completion.body, IdeaList)
            verdict = gate_ideas(
                completion.body.ideas,
                wanted=wanted - len(accepted),
                topics=Preferences().topics,
                accepted=accepted,
                history=(),
            )
            accepted.extend(verdict.accepted)
            seen.extend(completion.body.ideas)
            if len(accepted) >= wanted:
                break
        return subjects.save_ideas(self.database, self.run, accepted)

    def draft(self, idea: SubjectRow, form: str, chain: Chain, ledger: Ledger) -> None:
        if contents.kept_draft(self.database, idea.id, form, 0) is not None:
            return
        try:
            written = self.written(idea, form, chain, ledger)
        except ChainExhausted as error:
            self.failures.append(error)
        else:
            contents.save_draft(self.database, self._row(idea, form, written))

    def written(self, idea: SubjectRow, form: str, chain: Chain, ledger: Ledger) -> Written:
        assignment = Assignment(idea=subjects.as_idea(idea), format=form)
        books = Books(ledger, task=f"{idea.position}/{form}")
        return write(assignment, chain, books, feedback_rounds=3, temperature=0.7)

    def _row(self, idea: SubjectRow, form: str, written: Written) -> Content:
        body, text = written.body.model_dump(mode="json"), formats.get(form).text(written.body)
        return Content(
            workspace_id=self.run.workspace_id,
            run_id=self.run.id,
            subject_id=idea.id,
            format=form,
            platform=formats.get(form).platform,
            state=written.state,
            body=body,
            text=text,
            words=1,
            characters=len(text),
            provider=written.provider,
            model=written.model,
            prompt_hash=written.prompt_hash,
            call_ids=list(written.call_ids),
            asked=written.asked,
            content_hash=contents.content_hash(body),
        )

    # What is there afterwards

    def calls(self) -> list[ProviderCall]:
        return self._all(ProviderCall)

    def drafts(self) -> list[Content]:
        return self._all(Content)

    def ideas(self) -> list[SubjectRow]:
        return self._all(SubjectRow)

    def _all(self, table: type[Any]) -> list[Any]:
        with self.database.read() as session:
            query = select(table).where(table.workspace_id == self.run.workspace_id).order_by(col(table.created_at))
            return list(session.exec(query).all())

    def happened(self, purpose: str) -> list[str]:
        """`openai answered`, `anthropic PROVIDER_BUSY`: each call of that purpose, in order."""
        return [f"{row.provider} {row.error_code or row.status}" for row in self.calls() if row.purpose == purpose]

    def check_books(self) -> None:
        """The question every case ends with: is every call in the books, once, and nothing that was paid for lost?"""
        calls = self.calls()
        assert len(calls) == self.server.counts["total"], "each call of the provider is a row, and each row a call"
        assert {row.status for row in calls} <= {"answered", "failed"}, "no claim is left behind"
        answered = [row for row in calls if row.status == "answered"]
        assert len({row.request_key for row in answered}) == len(answered), "no answer was asked for twice"
        failed = [row for row in calls if row.status == "failed"]
        assert all(row.error_code and row.error and row.request_key is None for row in failed)
        assert all(row.run_id == self.run.id for row in calls)
        known = list(runs.get_run(self.database, self.run.id).idea_calls)
        known += [call_id for draft in self.drafts() for call_id in draft.call_ids]
        assert len(set(known)) == len(known), "no call belongs to two things"
        assert set(known) <= {row.id for row in answered}
        if not self.failures:
            assert set(known) == {row.id for row in answered}, "what was paid for belongs to something"

    def check_repeat(self, chain: Chain) -> None:
        """Another start makes no call and changes no row, not even where the drafts were lost before they were kept."""
        calls, drafts, total = self.calls(), self.drafts(), self.server.counts["total"]
        self.make(chain)
        assert (self.calls(), self.drafts()) == (calls, drafts)
        for idea, draft in zip(self.ideas(), drafts, strict=False):
            written = self.written(idea, FORM, chain, replace(self.ledger(), run_id=None))
            assert (list(written.call_ids), written.body.model_dump(mode="json")) == (draft.call_ids, draft.body)
        assert self.server.counts["total"] == total
