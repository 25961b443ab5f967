"""Every setting, typed, read from the environment (and `.env`) in one place.

Nothing here opens, creates or connects: `Settings()` only reads. `.env.example` lists them all, and a
test keeps it complete.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AliasChoices, BaseModel, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict, SettingsError

from pressroom import redaction
from pressroom.errors import Misconfigured


class Endpoint(BaseModel):
    """One OpenAI-compatible endpoint: Groq, Gemini, Ollama, vLLM, ..."""

    base_url: str
    api_key: SecretStr = SecretStr("none")
    model: str
    requests_per_minute: int = Field(default=0, ge=0)
    tokens_per_minute: int = Field(default=0, ge=0)


HEX = r"^#[0-9a-fA-F]{6}$"
"""`#rrggbb`."""

CHAINS = ("text_chain", "image_chain", "vision_chain", "search_chain")

Names = Annotated[tuple[str, ...], NoDecode]
"""Names parted by commas in the environment."""


class Settings(BaseSettings):
    model_config = SettingsConfigDict(
        env_prefix="PRESSROOM_",
        env_nested_delimiter="__",
        env_file=".env",
        env_file_encoding="utf-8-sig",
        env_ignore_empty=True,
        extra="ignore",
        populate_by_name=True,
    )

    # Where things are kept
    home: Path = Field(default=Path(".pressroom"), description="Folder for everything a local run leaves.")
    database_url: str = Field(default="", description="SQLAlchemy address; default: SQLite at HOME/pressroom.db.")
    database_pool: int = Field(default=20, ge=1, description="Connections kept open.")
    database_overflow: int = Field(default=30, ge=0, description="Connections opened beyond the pool under load.")
    store_url: str = Field(
        default="", description="fsspec address of the artifact store; default: the folder HOME/artifacts."
    )
    workspace: str = Field(
        default="default", pattern=r"^[a-z0-9][a-z0-9-]{0,62}$", description="Workspace to work for."
    )
    workspace_file: Path | None = Field(default=None, description="TOML file with the workspace's preferences.")
    topic_bank: Path | None = Field(default=None, description="TOML file that extends the offline engine's topic bank.")

    # What a daily run makes
    ideas: int = Field(default=5, ge=1, le=100, description="Ideas a run asks for.")
    formats: Names = Field(
        default=("linkedin_post", "x_thread", "instagram_reel"), description="Formats each idea is written in."
    )
    time_zone: str = Field(default="UTC", description="IANA zone that decides which day it is.")
    history_days: int = Field(default=30, ge=0, description="Days within which no idea may come again.")
    idea_rounds: int = Field(default=3, ge=0, description="Times missing ideas are asked for again.")
    feedback_rounds: int = Field(default=3, ge=0, description="Times a draft that breaks its rules is asked for again.")
    ideas_temperature: float = Field(default=0.8, ge=0, le=2, description="Temperature of the ideas call.")
    ideas_output_tokens: int = Field(
        default=1000, ge=100, description="Output tokens for five ideas; scaled up for more."
    )
    draft_temperature: float = Field(default=0.7, ge=0, le=2, description="Temperature of draft calls.")
    concurrency: int = Field(default=15, ge=1, le=500, description="Drafts written at the same time.")
    ideas_a_call: int = Field(default=100, ge=1, le=100, description="Most ideas asked for in one call.")
    shard_drafts: int = Field(
        default=900, ge=1, le=1000, description="Most drafts in one shard of a bulk run: one flow run's worth."
    )
    shards_at_once: int = Field(default=2, ge=1, le=20, description="Shards written at the same time, by deployments.")
    run_lease: float = Field(
        default=90, ge=5, description="Seconds without a heartbeat after which a run counts as dead."
    )
    gate_timeout: float = Field(default=120, gt=0, description="Seconds the batch gate may take.")

    # Providers
    text_chain: Names = Field(
        default=(), description="Providers in order; default: those whose key is set, else offline."
    )
    timeout: float = Field(default=30, gt=0, description="Seconds one provider call may take.")
    attempts: int = Field(default=3, ge=1, description="Attempts per provider when the failure may pass.")
    backoff: float = Field(
        default=1, ge=0, description="Seconds before the second attempt; doubled for each further one."
    )
    retry_after_cap: float = Field(default=30, ge=0, description="Longest Retry-After that is waited for, in seconds.")
    task_deadline: float = Field(default=180, gt=0, description="Seconds all calls for one draft may take together.")
    circuit_failures: int = Field(
        default=5, ge=1, description="Failures in a row after which a provider is left alone for a while."
    )
    circuit_seconds: float = Field(
        default=30, gt=0, description="Seconds it is left alone; doubled each time a trial call fails."
    )
    circuit_cap: float = Field(default=300, gt=0, description="Longest a provider is left alone, in seconds.")
    price_file: Path | None = Field(default=None, description="JSON file of prices laid over the shipped ones.")
    openai_api_key: SecretStr | None = Field(
        default=None,
        validation_alias=AliasChoices("OPENAI_API_KEY", "openai_api_key"),
        description="Key of the OpenAI account.",
    )
    openai_base_url: str | None = Field(
        default=None,
        validation_alias=AliasChoices("OPENAI_BASE_URL", "openai_base_url"),
        description="Another address for OpenAI's API.",
    )
    openai_model: str = Field(default="gpt-4.1-mini", description="OpenAI model for drafts.")
    openai_ideas_model: str = Field(default="", description="OpenAI model for ideas; default: OPENAI_MODEL.")
    anthropic_api_key: SecretStr | None = Field(
        default=None,
        validation_alias=AliasChoices("ANTHROPIC_API_KEY", "anthropic_api_key"),
        description="Key of the Anthropic account.",
    )
    anthropic_base_url: str | None = Field(
        default=None,
        validation_alias=AliasChoices("ANTHROPIC_BASE_URL", "anthropic_base_url"),
        description="Another address for Anthropic's API.",
    )
    anthropic_model: str = Field(default="claude-haiku-4-5", description="Anthropic model for drafts.")
    anthropic_ideas_model: str = Field(default="", description="Anthropic model for ideas; default: ANTHROPIC_MODEL.")
    gemini_api_key: SecretStr | None = Field(
        default=None,
        validation_alias=AliasChoices("GEMINI_API_KEY", "gemini_api_key"),
        description="Key of the Google Gemini account.",
    )
    gemini_base_url: str | None = Field(
        default=None,
        validation_alias=AliasChoices("GEMINI_BASE_URL", "gemini_base_url"),
        description="Another address for Gemini's API, without the version.",
    )
    gemini_model: str = Field(default="gemini-3.5-flash-lite", description="Gemini model for drafts.")
    gemini_ideas_model: str = Field(default="", description="Gemini model for ideas; default: GEMINI_MODEL.")
    endpoints: dict[str, Endpoint] = Field(
        default={},
        description="OpenAI-compatible endpoints by chain name, e.g. ENDPOINTS__GROQ__BASE_URL, __API_KEY, __MODEL.",
    )
    openai_requests_per_minute: int = Field(default=0, ge=0, description="Requests OpenAI allows; 0: no limit.")
    openai_tokens_per_minute: int = Field(default=0, ge=0, description="Tokens OpenAI allows; 0: no limit.")
    anthropic_requests_per_minute: int = Field(default=0, ge=0, description="Requests Anthropic allows; 0: no limit.")
    anthropic_tokens_per_minute: int = Field(default=0, ge=0, description="Tokens Anthropic allows; 0: no limit.")
    gemini_requests_per_minute: int = Field(default=0, ge=0, description="Requests Gemini allows; 0: no limit.")
    gemini_tokens_per_minute: int = Field(default=0, ge=0, description="Tokens Gemini allows; 0: no limit.")
    shared_limits: bool = Field(
        default=False,
        description="Several workers share these limits through the Prefect server; else each process has them whole.",
    )

    # Documents that are repurposed
    document_words: int = Field(
        default=4000, ge=200, description="Longest document a writer is shown whole; longer ones are condensed first."
    )
    feed_entries: int = Field(default=20, ge=1, le=500, description="Entries taken of a feed, newest first.")

    # Pictures
    image_chain: Names = Field(
        default=(), description="Image providers in order; default: those whose key is set, then offline cards."
    )
    image_style: str = Field(default="photographic", description="Style of pictures a model makes.")
    image_quality: Literal["low", "medium", "high"] = Field(default="medium", description="What is paid for a picture.")
    image_timeout: float = Field(default=120, gt=0, description="Seconds one picture may take.")
    image_deadline: float = Field(default=300, gt=0, description="Seconds all calls for one picture may take together.")
    openai_image_model: str = Field(default="gpt-image-2", description="OpenAI model for pictures.")
    openai_images_per_minute: int = Field(default=0, ge=0, description="Pictures OpenAI allows; 0: no limit.")
    stability_api_key: SecretStr | None = Field(
        default=None,
        validation_alias=AliasChoices("STABILITY_API_KEY", "stability_api_key"),
        description="Key of the Stability AI account.",
    )
    stability_base_url: str | None = Field(
        default=None,
        validation_alias=AliasChoices("STABILITY_BASE_URL", "stability_base_url"),
        description="Another address for Stability AI's API.",
    )
    stability_image_model: str = Field(default="core", description="core, ultra, or a name of the sd3 family.")
    stability_images_per_minute: int = Field(default=0, ge=0, description="Pictures Stability allows; 0: no limit.")
    vision_chain: Names = Field(
        default=(), description="Providers that look at pictures, in order; default: the text chain's, then offline."
    )
    search_chain: Names = Field(
        default=(), description="Providers that search the web, in order; default: those with a key, Gemini first."
    )
    cloudinary_url: SecretStr | None = Field(
        default=None,
        validation_alias=AliasChoices("CLOUDINARY_URL", "cloudinary_url"),
        description="Account that finished pictures are delivered to: cloudinary://KEY:SECRET@CLOUD.",
    )
    cloudinary_base_url: str = Field(
        default="https://api.cloudinary.com", description="Another address for Cloudinary's API."
    )
    cloudinary_folder: str = Field(default="pressroom", description="Folder of it that pictures are delivered to.")
    face_model: Path | None = Field(
        default=None, description="ONNX file of OpenCV's YuNet, which keeps faces in a crop (extra `faces`)."
    )
    brand_name: str = Field(default="", max_length=40, description="Set small on cards.")
    brand_background: str = Field(default="#14213d", pattern=HEX, description="Ground of cards, #rrggbb.")
    brand_text: str = Field(default="#ffffff", pattern=HEX, description="Colour of their text.")
    brand_accent: str = Field(default="#fca311", pattern=HEX, description="Colour of what is set off.")
    brand_font: Path | None = Field(default=None, description="TrueType or OpenType file; default: the one shipped.")
    brand_logo: Path | None = Field(default=None, description="Picture with alpha, set in a corner of cards.")

    # Money
    run_budget_usd: float = Field(default=0, ge=0, description="US dollars one run may spend; 0: no limit.")
    day_budget_usd: float = Field(
        default=0, ge=0, description="US dollars a workspace may spend in a day (UTC); 0: no limit."
    )

    # Telling people
    notify_urls: Names = Field(default=(), description="Apprise addresses told about failed runs (secret).", repr=False)
    notify_on_success: bool = Field(default=False, description="Tell them about completed runs too.")

    # How it runs
    task_runner: Literal["threads", "dask", "ray"] = Field(default="threads", description="What runs the mapped tasks.")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"] = Field(
        default="CRITICAL",
        description="Least level of events (and of Prefect's log) on standard error; Prefect's server keeps INFO on.",
    )
    log_format: Literal["auto", "json", "console"] = Field(
        default="auto", description="Events as JSON lines or for people; auto: for people on a terminal, else JSON."
    )
    log_file: Path | None = Field(default=None, description="File that events are appended to as JSON lines, INFO on.")

    # The review desk
    desk_database_url: str = Field(
        default="", description="Database address the desk signs in with, if not DATABASE_URL; a role bound by RLS."
    )
    desk_host: str = Field(default="127.0.0.1", description="Address `pressroom serve` listens on.")
    desk_port: int = Field(default=8080, ge=1, le=65535, description="Port `pressroom serve` listens on.")
    desk_url: str = Field(
        default="", description="Where people reach the desk, e.g. https://desk.example.com; default: HOST and PORT."
    )
    secret_key: SecretStr | None = Field(
        default=None, description="Encrypts keys kept in the database; default: made once, in HOME/secret.key."
    )
    registration: Literal["open", "invited", "closed"] = Field(
        default="invited", description="Who may register: anybody, people with an invitation, nobody."
    )
    access_minutes: int = Field(default=15, ge=1, le=60, description="Minutes an access token lives.")
    refresh_days: int = Field(default=7, ge=1, le=90, description="Days a refresh token, or a page's sign-in, lives.")
    signing_key_days: int = Field(default=30, ge=1, description="Days after which access tokens get a new key.")
    password_rounds: int = Field(default=12, ge=4, le=16, description="Cost of bcrypt.")
    sign_in_attempts: int = Field(
        default=5, ge=1, description="Failed sign-ins per account and address in 15 minutes before a pause."
    )
    requests_per_minute: int = Field(default=100, ge=1, description="Requests of the API a user may make a minute.")
    image_requests_per_minute: int = Field(default=10, ge=1, description="Of the image routes, a minute.")
    image_requests_per_hour: int = Field(default=100, ge=1, description="Of the image routes, an hour.")
    heavy_requests_per_minute: int = Field(default=5, ge=1, description="Pictures handed in for work, a minute.")
    body_bytes: int = Field(default=1_000_000, ge=10_000, description="Largest body of a request without a file.")
    upload_bytes: int = Field(default=50_000_000, ge=100_000, description="Largest upload.")
    cors_origins: Names = Field(default=(), description="Origins whose pages may call the API; default: none.")
    trusted_proxies: Names = Field(default=(), description="Addresses of balancers whose X-Forwarded-For is believed.")
    metrics_token: SecretStr | None = Field(default=None, description="Bearer token of GET /metrics; unset: closed.")
    plan: str = Field(default="unlimited", description="Plan of workspaces that have none of their own.")
    purge_days: int = Field(default=30, ge=1, description="Days after which deleted content is gone for good.")
    audit_days: int = Field(default=90, ge=1, description="Days the audit log is kept.")

    # What is measured (Prometheus)
    pushgateway_url: str = Field(
        default="", repr=False, description="Pushgateway told at the close of every run, e.g. http://host:9091."
    )
    metrics_port: int | None = Field(
        default=None, ge=1, le=65535, description="Port of an HTTP endpoint to scrape, while the process lives."
    )
    metrics_file: Path | None = Field(
        default=None, description="Text file for node_exporter, written at the close of every run; ends in .prom."
    )

    @field_validator(*CHAINS, "formats", "notify_urls", "cors_origins", "trusted_proxies", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(name.strip() for name in value.split(",") if name.strip()) if isinstance(value, str) else value

    @property
    def resolved_database_url(self) -> str:
        return self.database_url or f"sqlite:///{(self.home / 'pressroom.db').absolute()}"

    @property
    def resolved_store_url(self) -> str:
        return self.store_url or str((self.home / "artifacts").absolute())

    @property
    def resolved_desk_url(self) -> str:
        return (self.desk_url or f"http://{self.desk_host}:{self.desk_port}").rstrip("/")

    @property
    def resolved_text_chain(self) -> tuple[str, ...]:
        """The chain as set, else every account whose key is there, else `offline`."""
        if self.text_chain:
            return self.text_chain
        keys = {"openai": self.openai_api_key, "anthropic": self.anthropic_api_key, "gemini": self.gemini_api_key}
        keyed = (name for name, key in keys.items() if key)
        return (*keyed, *self.endpoints) or ("offline",)


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings of this process, read on first use.

    Raises:
        Misconfigured: a value can't be used; the message names each variable.
    """
    try:
        return _with_secrets_known(Settings())
    except SettingsError as error:
        raise Misconfigured(f"Settings can't be read: {error}.", hint="See .env.example for every setting.") from None
    except ValidationError as error:
        problems = "; ".join(f"{_variable(str(part['loc'][0]))}: {part['msg']}" for part in error.errors())
        raise Misconfigured(
            f"Settings can't be used: {problems}.", hint="See .env.example for every setting."
        ) from None


def _with_secrets_known(read: Settings) -> Settings:
    """What has been read, its keys and passwords masked from now on wherever something is shown."""
    redaction.register_fields(read)
    for address in read.notify_urls:  # the whole of it: Apprise's tokens are parts of the path
        redaction.register_secret(address)
        redaction.register_secret(address.partition("://")[2])
    return read


def _variable(field: str) -> str:
    return field if field.isupper() else f"PRESSROOM_{field.upper()}"
