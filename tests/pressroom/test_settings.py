"""Every setting is read from its variable or from `.env`, and what can't be used is named."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from pressroom.calls import providers
from pressroom.calls.accounts import chain_names
from pressroom.calls.providers import Provider
from pressroom.errors import Misconfigured
from pressroom.redaction import mask, reveal
from pressroom.settings import Settings, VendorSettings, settings

GIVEN: dict[str, tuple[str, Any]] = {
    "desk_database_url": ("sqlite:////srv/d.db", "sqlite:////srv/d.db"),
    "desk_host": ("0.0.0.0", "0.0.0.0"),
    "desk_port": ("9000", 9000),
    "desk_url": ("https://desk.test", "https://desk.test"),
    "secret_key": ("secret-0123456789", SecretStr("secret-0123456789")),
    "registration": ("open", "open"),
    "access_minutes": ("5", 5),
    "refresh_days": ("3", 3),
    "signing_key_days": ("9", 9),
    "password_rounds": ("10", 10),
    "sign_in_attempts": ("3", 3),
    "requests_per_minute": ("7", 7),
    "image_requests_per_minute": ("7", 7),
    "image_requests_per_hour": ("7", 7),
    "heavy_requests_per_minute": ("7", 7),
    "body_bytes": ("20000", 20000),
    "upload_bytes": ("200000", 200000),
    "cors_origins": ("https://a.test, https://b.test", ("https://a.test", "https://b.test")),
    "trusted_proxies": ("10.0.0.1", ("10.0.0.1",)),
    "metrics_token": ("metrics-0123456789", SecretStr("metrics-0123456789")),
    "plan": ("team", "team"),
    "social_sandbox": ("http://localhost:9100", "http://localhost:9100"),
    "media_url": ("https://cdn.test", "https://cdn.test"),
    "publish_paused": ("x, linkedin", ("x", "linkedin")),
    "publish_concurrency": ("3", 3),
    "purge_days": ("7", 7),
    "audit_days": ("7", 7),
    "document_words": ("300", 300),
    "second_reading": ("true", True),
    "feed_entries": ("7", 7),
    "local_files": ("true", True),
    "cloudinary_url": ("cloudinary://k:s-0123456789@c", SecretStr("cloudinary://k:s-0123456789@c")),
    "cloudinary_base_url": ("http://cloudinary.test", "http://cloudinary.test"),
    "cloudinary_folder": ("ours", "ours"),
    "face_model": ("/srv/yunet.onnx", Path("/srv/yunet.onnx")),
    "vision_chain": ("gemini, offline", ("gemini", "offline")),
    "search_chain": ("gemini", ("gemini",)),
    "image_chain": ("stability, offline", ("stability", "offline")),
    "image_style": ("isometric", "isometric"),
    "image_quality": ("high", "high"),
    "image_timeout": ("60", 60.0),
    "image_deadline": ("90", 90.0),
    "speech_chain": ("openai, offline", ("openai", "offline")),
    "speech_voice": ("heart", "heart"),
    "speech_timeout": ("20", 20.0),
    "speech_deadline": ("80", 80.0),
    "brand_name": ("Ours", "Ours"),
    "brand_background": ("#000000", "#000000"),
    "brand_text": ("#eeeeee", "#eeeeee"),
    "brand_accent": ("#ff0000", "#ff0000"),
    "brand_font": ("/srv/font.ttf", Path("/srv/font.ttf")),
    "brand_logo": ("/srv/logo.png", Path("/srv/logo.png")),
    "ideas_a_call": ("50", 50),
    "shard_drafts": ("60", 60),
    "shards_at_once": ("3", 3),
    "run_budget_usd": ("1.5", 1.5),
    "day_budget_usd": ("2.5", 2.5),
    "shared_limits": ("true", True),
    "home": ("/srv/pressroom", Path("/srv/pressroom")),
    "database_url": ("postgresql+psycopg://host/name", "postgresql+psycopg://host/name"),
    "database_pool": ("7", 7),
    "database_overflow": ("0", 0),
    "store_url": ("s3://bucket/prefix", "s3://bucket/prefix"),
    "workspace": ("acme", "acme"),
    "workspace_file": ("acme.toml", Path("acme.toml")),
    "topic_bank": ("bank.toml", Path("bank.toml")),
    "ideas": ("12", 12),
    "formats": ("x_thread, linkedin_post,", ("x_thread", "linkedin_post")),
    "time_zone": ("Asia/Tokyo", "Asia/Tokyo"),
    "history_days": ("0", 0),
    "idea_rounds": ("1", 1),
    "feedback_rounds": ("0", 0),
    "ideas_temperature": ("1.5", 1.5),
    "ideas_output_tokens": ("2000", 2000),
    "draft_temperature": ("0", 0.0),
    "concurrency": ("40", 40),
    "run_lease": ("30", 30.0),
    "gate_timeout": ("60", 60.0),
    "text_chain": ("anthropic,offline", ("anthropic", "offline")),
    "timeout": ("12.5", 12.5),
    "attempts": ("5", 5),
    "backoff": ("0", 0.0),
    "retry_after_cap": ("10", 10.0),
    "task_deadline": ("60", 60.0),
    "circuit_failures": ("8", 8),
    "circuit_seconds": ("5", 5.0),
    "circuit_cap": ("60", 60.0),
    "price_file": ("prices.json", Path("prices.json")),
    "notify_urls": ("slack://a, mailto://b", ("slack://a", "mailto://b")),
    "notify_on_success": ("true", True),
    "mail_url": ("smtps://ada:secret@example.com", SecretStr("smtps://ada:secret@example.com")),
    "mail_from": ("desk@example.com", "desk@example.com"),
    "backup_recipients": ("age1a,age1b", ("age1a", "age1b")),
    "backup_identity": ("ops.key", Path("ops.key")),
    "backup_days": ("3", 3),
    "backup_weeks": ("0", 0),
    "backup_months": ("6", 6),
    "pg_programs": ("/usr/lib/postgresql/16/bin", Path("/usr/lib/postgresql/16/bin")),
    "task_runner": ("dask", "dask"),
    "log_level": ("DEBUG", "DEBUG"),
    "log_format": ("json", "json"),
    "log_file": ("events.jsonl", Path("events.jsonl")),
    "pushgateway_url": ("http://localhost:9091", "http://localhost:9091"),
    "metrics_port": ("9464", 9464),
    "metrics_file": ("pressroom.prom", Path("pressroom.prom")),
    "otlp_url": ("http://localhost:4318", "http://localhost:4318"),
}
VENDORS: dict[str, dict[str, tuple[str, Any]]] = {
    "gemini": {
        "api_key": ("gemini-0123456789", SecretStr("gemini-0123456789")),
        "base_url": ("http://gemini.test", "http://gemini.test"),
        "model": ("gemini-x", "gemini-x"),
        "ideas_model": ("gemini-y", "gemini-y"),
        "requests_per_minute": ("7", 7),
        "tokens_per_minute": ("7", 7),
    },
    "openai": {
        "image_model": ("gpt-image-1.5", "gpt-image-1.5"),
        "images_per_minute": ("5", 5),
        "speech_model": ("tts-1", "tts-1"),
        "sentences_per_minute": ("9", 9),
        "requests_per_minute": ("7", 7),
        "tokens_per_minute": ("7", 7),
        "api_key": ("sk-one", SecretStr("sk-one")),
        "base_url": ("http://localhost/v1", "http://localhost/v1"),
        "model": ("gpt-x", "gpt-x"),
        "ideas_model": ("gpt-y", "gpt-y"),
    },
    "elevenlabs": {
        "api_key": ("eleven-0123456789", SecretStr("eleven-0123456789")),
        "base_url": ("http://eleven.test", "http://eleven.test"),
        "speech_model": ("eleven_v3", "eleven_v3"),
        "sentences_per_minute": ("9", 9),
    },
    "azure": {
        "api_key": ("azure-0123456789", SecretStr("azure-0123456789")),
        "base_url": ("http://azure.test", "http://azure.test"),
        "region": ("westeurope", "westeurope"),
        "sentences_per_minute": ("9", 9),
    },
    "google": {
        "api_key": ("google-0123456789", SecretStr("google-0123456789")),
        "base_url": ("http://google.test", "http://google.test"),
        "sentences_per_minute": ("9", 9),
    },
    "stability": {
        "api_key": ("sk-stability-0123456789", SecretStr("sk-stability-0123456789")),
        "base_url": ("http://stability.test", "http://stability.test"),
        "image_model": ("ultra", "ultra"),
        "images_per_minute": ("5", 5),
    },
    "anthropic": {
        "requests_per_minute": ("7", 7),
        "tokens_per_minute": ("7", 7),
        "api_key": ("sk-two", SecretStr("sk-two")),
        "base_url": ("http://localhost", "http://localhost"),
        "model": ("claude-x", "claude-x"),
        "ideas_model": ("claude-y", "claude-y"),
    },
}
SHARED = {"api_key", "base_url"}
"""Those every program that speaks to a vendor reads under the same name."""

KEYED = [one for one in providers.REGISTRY if one.settings]


def variable(field: str) -> str:
    return f"PRESSROOM_{field.upper()}"


def read(vendor: Provider) -> VendorSettings:
    assert vendor.settings is not None
    return settings().vendor(vendor.name, vendor.settings)


def test_this_file_knows_every_setting() -> None:
    assert set(GIVEN) | {"endpoints", "providers", "platform_apps", "trends", "films"} == set(Settings.model_fields)
    declared = {one.name: set(one.settings.model_fields) for one in KEYED if one.settings}
    assert {name: set(fields) for name, fields in VENDORS.items()} == declared


def test_a_vendor_s_are_read_from_its_usual_variables_and_from_nested_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    """Usual: OPENAI_API_KEY, PRESSROOM_OPENAI_MODEL. Nested: PRESSROOM_PROVIDERS__OPENAI__MODEL, which comes first."""
    for vendor in KEYED:
        given = VENDORS[vendor.name]
        for field, (text, _) in given.items():
            prefix = "" if field in SHARED else "PRESSROOM_"
            monkeypatch.setenv(f"{prefix}{vendor.name}_{field}".upper(), text)
        assert {field: getattr(read(vendor), field) for field in given} == {f: value for f, (_, value) in given.items()}
        settings.cache_clear()
        monkeypatch.setenv(f"PRESSROOM_PROVIDERS__{vendor.name.upper()}__API_KEY", "nested-0123456789")
        assert reveal(read(vendor).api_key) == "nested-0123456789"
        assert "nested-0123456789" not in repr(settings()) + repr(read(vendor)) + mask("a nested-0123456789 b")


def test_a_vendor_s_are_read_from_the_env_file() -> None:
    Path(".env").write_text(
        "GEMINI_API_KEY=one-0123\nPRESSROOM_PROVIDERS__GEMINI__MODEL=mine\nPRESSROOM_GEMINI_IDEAS_MODEL=b\n"
    )
    gemini = read(providers.get("gemini"))
    assert (reveal(gemini.api_key), getattr(gemini, "model", ""), getattr(gemini, "ideas_model", "")) == (
        "one-0123",
        "mine",
        "b",
    )


def test_what_cannot_be_used_of_a_vendor_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    openai = providers.get("openai")
    for variable, text, named in (
        ("PRESSROOM_OPENAI_REQUESTS_PER_MINUTE", "-1", "PRESSROOM_OPENAI_REQUESTS_PER_MINUTE"),
        ("PRESSROOM_PROVIDERS__OPENAI__REQUESTS_PER_MINUTE", "x", "PRESSROOM_"),
        ("PRESSROOM_PROVIDERS__OPENAI__MODLE", "x", "modle"),
    ):
        monkeypatch.setenv(variable, text)
        with pytest.raises(Misconfigured, match=named):
            read(openai)
        monkeypatch.delenv(variable)
        settings.cache_clear()


@pytest.mark.parametrize("field", GIVEN)
def test_it_is_read_from_its_variable(field: str, monkeypatch: pytest.MonkeyPatch) -> None:
    text, value = GIVEN[field]
    monkeypatch.setenv(variable(field), text)
    assert getattr(settings(), field) == value


def test_all_are_read_from_the_env_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PRESSROOM_HOME")
    lines = [f'{variable(field)}="{text}"' for field, (text, _) in GIVEN.items()]
    Path(".env").write_text("\n".join([*lines, "SOMEBODY_ELSES=1", "PRESSROOM_ENDPOINTS__VLLM__MODEL=m",
                                       "PRESSROOM_ENDPOINTS__VLLM__BASE_URL=http://gpu/v1"]))  # fmt: skip
    found = settings()
    assert {field: getattr(found, field) for field in GIVEN} == {field: value for field, (_, value) in GIVEN.items()}
    assert found.endpoints["vllm"].model == "m"


def test_an_app_of_a_platform_is_read_from_nested_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, text in (("CLIENT_ID", "id"), ("CLIENT_SECRET", "hush-0123456789"), ("OPTIONAL_SCOPES", "false")):
        monkeypatch.setenv(f"PRESSROOM_PLATFORM_APPS__LINKEDIN__{name}", text)
    app = settings().platform_apps["linkedin"]
    assert (app.client_id, app.client_secret, app.optional_scopes) == ("id", SecretStr("hush-0123456789"), False)


def test_sources_of_trends_are_nested(monkeypatch: pytest.MonkeyPatch) -> None:
    given = {"SOURCES": "feeds, x", "FEEDS": "https://a.test/1,https://b.test/2", "YOUTUBE_KEY": "yt-0123456789"}
    given |= {"MASTODON_INSTANCES": "", "CONTACT": "desk@example.com", "SANDBOX": "http://127.0.0.1:8903"}
    for name, text in given.items():
        monkeypatch.setenv(f"PRESSROOM_TRENDS__{name}", text)
    found = settings().trends
    assert (found.sources, found.feeds) == (("feeds", "x"), ("https://a.test/1", "https://b.test/2"))
    assert (found.mastodon_instances, found.subreddits) == (("mastodon.social",), ("popular",))
    assert found.youtube_key == SecretStr("yt-0123456789")
    assert "yt-0123456789" not in repr(found) + mask("a yt-0123456789 b")


def test_settings_of_films_are_nested(monkeypatch: pytest.MonkeyPatch) -> None:
    given = {"TIER": "premium", "FORMATS": "instagram_reel, youtube_short", "TIERS__PREMIUM__SPEECH": "azure,offline"}
    for name, text in given.items():
        monkeypatch.setenv(f"PRESSROOM_FILMS__{name}", text)
    found = settings().films
    assert (found.tier, found.formats) == ("premium", ("instagram_reel", "youtube_short"))
    assert found.tiers == {"premium": {"speech": "azure,offline"}}


def test_the_environment_comes_before_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_text("PRESSROOM_IDEAS=3\n")
    monkeypatch.setenv("PRESSROOM_IDEAS", "4")
    assert settings().ideas == 4


def test_an_empty_variable_is_one_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for field in GIVEN:
        monkeypatch.setenv(variable(field), "")
    assert settings() == Settings.model_construct(**{n: f.default for n, f in Settings.model_fields.items()})


def test_reading_makes_nothing(tmp_path: Path) -> None:
    assert settings() is settings()
    assert list(tmp_path.iterdir()) == []


BAD = {
    "database_pool": "0",
    "workspace": "Not A Slug",
    "ideas": "101",
    "ideas_temperature": "hot",
    "concurrency": "0",
    "run_lease": "1",
    "timeout": "0",
    "attempts": "-1",
    "notify_on_success": "perhaps",
    "task_runner": "spark",
    "log_level": "LOUD",
}


@pytest.mark.parametrize("field", BAD)
def test_what_cannot_be_used_is_named(field: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(variable(field), BAD[field])
    with pytest.raises(Misconfigured, match=rf"\b{variable(field)}: ") as caught:
        settings()
    assert caught.value.hint


def test_all_that_cannot_be_used_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for field, text in BAD.items():
        monkeypatch.setenv(variable(field), text)
    with pytest.raises(Misconfigured) as caught:
        settings()
    assert all(f"{variable(field)}: " in caught.value.message for field in BAD)


def test_an_endpoint_without_its_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRESSROOM_ENDPOINTS__GROQ__API_KEY", "gsk-secret")
    with pytest.raises(Misconfigured, match="PRESSROOM_ENDPOINTS") as caught:
        settings()
    assert "gsk-secret" not in str(caught.value)


def test_endpoints_are_nested(monkeypatch: pytest.MonkeyPatch) -> None:
    for part, text in {"BASE_URL": "https://groq/v1", "API_KEY": "gsk-secret", "MODEL": "llama"}.items():
        monkeypatch.setenv(f"PRESSROOM_ENDPOINTS__GROQ__{part}", text)
    groq = settings().endpoints["groq"]
    assert (groq.base_url, groq.api_key.get_secret_value(), groq.model) == ("https://groq/v1", "gsk-secret", "llama")
    assert "gsk-secret" not in repr(settings())


def test_secrets_are_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_API_KEY", "ANTHROPIC_API_KEY"):
        monkeypatch.setenv(name, "sk-secret")
    monkeypatch.setenv("PRESSROOM_NOTIFY_URLS", "slack://sk-secret")
    assert "sk-secret" not in repr(settings()) + str(settings())


@pytest.mark.parametrize(
    ("given", "chain"),
    [
        ({}, ("offline",)),
        ({"OPENAI_API_KEY": "k"}, ("openai",)),
        ({"ANTHROPIC_API_KEY": "k"}, ("anthropic",)),
        ({"ANTHROPIC_API_KEY": "k", "OPENAI_API_KEY": "k"}, ("openai", "anthropic")),
        (
            {"OPENAI_API_KEY": "k", "PRESSROOM_ENDPOINTS": '{"vllm": {"base_url": "http://gpu", "model": "m"}}'},
            ("openai", "vllm"),
        ),
        ({"OPENAI_API_KEY": "k", "PRESSROOM_TEXT_CHAIN": "offline"}, ("offline",)),
        ({"OPENAI_API_KEY": ""}, ("offline",)),
    ],
)
def test_the_chain_follows_the_keys(
    given: dict[str, str], chain: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, text in given.items():
        monkeypatch.setenv(name, text)
    assert chain_names("text", settings()) == chain


def test_everything_lies_at_home(tmp_path: Path) -> None:
    home = tmp_path / ".pressroom"
    assert settings().resolved_database_url == f"sqlite:///{home}/pressroom.db"
    assert settings().resolved_store_url == str(home / "artifacts")


def test_where_else_it_may_lie(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRESSROOM_DATABASE_URL", "sqlite:///elsewhere.db")
    monkeypatch.setenv("PRESSROOM_STORE_URL", "s3://bucket")
    assert settings().resolved_database_url == "sqlite:///elsewhere.db"
    assert settings().resolved_store_url == "s3://bucket"
