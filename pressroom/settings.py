"""Every setting, typed, read from the environment (and `.env`) in one place.

Nothing here opens, creates or connects: `Settings()` only reads. `.env.example` lists them all, and a
test keeps it complete.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import (
    AfterValidator,
    AliasChoices,
    AliasGenerator,
    BaseModel,
    Field,
    PrivateAttr,
    SecretStr,
    ValidationError,
    field_validator,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict, SettingsError

from pressroom import redaction
from pressroom.errors import Misconfigured, WrongInput
from pressroom.userfiles import did_you_mean, reason_of
from pressroom.zones import zone_of


def _known_zone(value: str) -> str:
    try:
        zone_of(value)
    except WrongInput:
        raise ValueError(f"{value!r} is not a time zone; an IANA name such as Europe/Berlin is") from None
    return value


ZoneName = Annotated[str, AfterValidator(_known_zone)]
"""The IANA name of a time zone that exists."""


class Endpoint(BaseModel):
    """One OpenAI-compatible endpoint: Groq, Gemini, Ollama, vLLM, ..."""

    base_url: str
    api_key: SecretStr = SecretStr("none")
    model: str
    requests_per_minute: int = Field(default=0, ge=0)
    tokens_per_minute: int = Field(default=0, ge=0)


class PlatformApp(BaseModel):
    """An app that is registered at a platform, in whose name accounts are connected.

    optional_scopes: false for an app that has no right to them, e.g. to LinkedIn's pages.
    """

    client_id: str
    client_secret: SecretStr
    optional_scopes: bool = True


HEX = r"^#[0-9a-fA-F]{6}$"
"""`#rrggbb`."""

CHAINS = ("text_chain", "image_chain", "speech_chain", "vision_chain", "search_chain")

Names = Annotated[tuple[str, ...], NoDecode]
"""Names parted by commas in the environment."""


class TrendSettings(BaseModel):
    """Where trends are collected, and with which keys: PRESSROOM_TRENDS__YOUTUBE_KEY."""

    sources: Names = Field(
        default=(), description="Sources that are asked; default: each that needs no key or has one, but X."
    )
    feeds: Names = Field(default=(), description="Addresses of feeds (RSS, Atom, JSON Feed) that are read.")
    regions: Names = Field(
        default=(), description="Countries whose trends are collected, e.g. DE,US; default: those of the whole world."
    )
    share: float = Field(
        default=0.5, ge=0, le=1, description="Share of a daily run's ideas that open opportunities give, at most."
    )
    least_score: float = Field(default=25, ge=0, le=100, description="The lowest score of an opportunity.")
    weights: str = Field(
        default="0.3,0.3,0.2,0.2", description="Weights of volume, velocity, freshness and breadth; they add up to 1."
    )
    mastodon_instances: Names = Field(default=("mastodon.social",), description="Instances whose trends are read.")
    subreddits: Names = Field(default=("popular",), description="Subreddits whose hot posts are read.")
    youtube_key: SecretStr | None = Field(default=None, description="API key for YouTube's data.")
    reddit_client_id: SecretStr | None = Field(default=None, description="Client of an app that Reddit approved.")
    reddit_client_secret: SecretStr | None = Field(default=None, description="Its secret.")
    x_bearer_token: SecretStr | None = Field(default=None, description="App token; X bills 0.01 US dollars a trend.")
    contact: str = Field(
        default="", description="E-mail or page that requests name, as Wikimedia and Reddit ask of programs."
    )
    sandbox: str = Field(
        default="", description="Address of `pressroom sandbox --trends`: every source is asked there instead."
    )

    @field_validator("sources", "feeds", "regions", "mastodon_instances", "subreddits", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(name.strip() for name in value.split(",") if name.strip()) if isinstance(value, str) else value


class FilmSettings(BaseModel):
    """How films are made: PRESSROOM_FILMS__TIER."""

    tier: Literal["budget", "balanced", "premium"] = Field(
        default="budget", description="Who makes pictures and voices of films, by what they cost; budget is free."
    )
    tiers: dict[str, dict[str, str]] = Field(
        default={}, description="Other accounts for a tier, e.g. FILMS__TIERS__PREMIUM__SPEECH=azure,offline."
    )
    formats: Names = Field(
        default=(), description="Formats whose drafts of a daily run become films, e.g. instagram_reel; default: none."
    )
    music: str = Field(default="", description="Sound file laid under every film; you need the right to use it.")

    @field_validator("formats", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(name.strip() for name in value.split(",") if name.strip()) if isinstance(value, str) else value


V = TypeVar("V", bound="VendorSettings")

_SHARED = ("api_key", "base_url")
"""Settings that every program which speaks to a vendor reads under the same name: OPENAI_API_KEY."""


def vendor_variables(name: str) -> SettingsConfigDict:
    """The configuration of the settings of the vendor `name`: the variables they are read from.

    PRESSROOM_OPENAI_MODEL is one, OPENAI_API_KEY another; `Settings.providers` has those that are nested.
    """

    def variables(field: str) -> AliasChoices:
        shared = (f"{name}_{field}".upper(),) if field in _SHARED else ()
        return AliasChoices(*shared, f"PRESSROOM_{name}_{field}".upper())

    return SettingsConfigDict(
        alias_generator=AliasGenerator(validation_alias=variables),
        env_prefix=f"PRESSROOM_{name}_".upper(),  # also of a field's own name, or MODEL would be one of its variables
        env_file=".env",
        env_ignore_empty=True,
        extra="ignore",
        populate_by_name=True,
    )


class VendorSettings(BaseSettings):
    """One vendor's settings; its own class adds a model for each kind of request, and limits, as far as it has them."""

    api_key: SecretStr | None = Field(default=None, description="Key of the account.")
    base_url: str | None = Field(default=None, description="Another address for its API.")

    @property
    def has_key(self) -> bool:
        return self.api_key is not None and bool(self.api_key.get_secret_value())


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

    _vendors: dict[str, Any] = PrivateAttr(default_factory=dict)

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
    time_zone: ZoneName = Field(default="UTC", description="IANA zone that decides which day it is.")
    history_days: int = Field(default=30, ge=0, description="Don't repeat ideas within this many days.")
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
    providers: dict[str, dict[str, Any]] = Field(
        default={},
        repr=False,
        description="Accounts by vendor, e.g. PROVIDERS__OPENAI__API_KEY, __MODEL; or by the names below.",
    )
    endpoints: dict[str, Endpoint] = Field(
        default={},
        description="OpenAI-compatible endpoints by chain name, e.g. ENDPOINTS__GROQ__BASE_URL, __API_KEY, __MODEL.",
    )
    shared_limits: bool = Field(
        default=False,
        description="Several workers share these limits through the database; else each process has them whole.",
    )

    # Publishing
    platform_apps: dict[str, PlatformApp] = Field(
        default={},
        repr=False,
        description="Apps registered at platforms, e.g. PLATFORM_APPS__X__CLIENT_ID, __CLIENT_SECRET.",
    )
    social_sandbox: str = Field(
        default="", description="Address of `pressroom sandbox --social`: every platform is called there instead."
    )
    media_url: str = Field(
        default="",
        description="Where platforms fetch files: a CDN's address of the artifact store; `store`: by its own signed "
        "addresses; default: at the desk, when PRESSROOM_DESK_URL is set.",
    )
    publish_paused: Names = Field(
        default=(), description="Platforms that nothing is published to for now; `all` for every one."
    )
    publish_concurrency: int = Field(
        default=10, ge=1, le=100, description="Publications worked on at the same time, each of another channel."
    )

    # Trends
    trends: TrendSettings = Field(
        default=TrendSettings(), description="Sources of trends, e.g. TRENDS__FEEDS, TRENDS__YOUTUBE_KEY."
    )

    # Films
    films: FilmSettings = Field(
        default=FilmSettings(), description="How films are made, e.g. FILMS__TIER, FILMS__FORMATS."
    )

    # Documents that are repurposed
    document_words: int = Field(
        default=4000, ge=200, description="Longest document a writer is shown whole; longer ones are condensed first."
    )
    second_reading: bool = Field(
        default=False,
        description="A model of the text chain compares each draft that passes with its document: one more call each.",
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

    # Speech
    speech_chain: Names = Field(
        default=(), description="Speech providers in order; default: those whose key is set, then offline voices."
    )
    speech_voice: str = Field(default="", description="Voice that speaks; default: the provider's usual one.")
    speech_timeout: float = Field(default=60, gt=0, description="Seconds one spoken sentence may take.")
    speech_deadline: float = Field(
        default=300, gt=0, description="Seconds all calls for one spoken text may take together."
    )

    # Money
    run_budget_usd: float = Field(default=0, ge=0, description="US dollars one run may spend; 0: no limit.")
    day_budget_usd: float = Field(
        default=0, ge=0, description="US dollars a workspace may spend in a day (UTC); 0: no limit."
    )

    # Telling people
    notify_urls: Names = Field(default=(), description="Apprise addresses told about failed runs (secret).", repr=False)
    notify_on_success: bool = Field(default=False, description="Tell them about completed runs too.")

    mail_url: SecretStr | None = Field(
        default=None,
        description="Mail server for notifications of the desk, smtps://USER:PASSWORD@HOST; smtp:// for STARTTLS.",
    )
    mail_from: str = Field(default="", description="Sender of its e-mails, e.g. Pressroom <desk@example.com>.")

    # How it runs
    local_files: bool = Field(
        default=False,
        description="Runs that are started over an API may read files of the machine they run on; commands always may.",
    )
    task_runner: Literal["threads", "dask", "ray"] = Field(default="threads", description="What runs the mapped tasks.")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"] = Field(
        default="CRITICAL",
        description="Least level of events (and of Prefect's log) on standard error; Prefect's server keeps INFO on.",
    )
    log_format: Literal["auto", "json", "console"] = Field(
        default="auto", description="Events as JSON lines or for people; auto: for people on a terminal, else JSON."
    )
    log_file: Path | None = Field(default=None, description="File that events are appended to as JSON lines, INFO on.")

    # Backups
    backup_recipients: Names = Field(
        default=(), description="Public keys of age (age1...) that backups are sealed for; none: no backups are made."
    )
    backup_identity: Path | None = Field(
        default=None, description="File with an identity of age, to try backups by restoring them every week."
    )
    backup_days: int = Field(default=7, ge=1, description="Days of which the newest backup is kept.")
    backup_weeks: int = Field(default=4, ge=0, description="Weeks of which the newest backup is kept.")
    backup_months: int = Field(default=12, ge=0, description="Months of which the newest backup is kept.")
    pg_programs: Path | None = Field(
        default=None, description="Folder of PostgreSQL's pg_dump and pg_restore; default: found on PATH."
    )

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
        default="invited", description="Who may register: everyone, people with an invitation, no one."
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
    otlp_url: str = Field(
        default="", repr=False, description="OpenTelemetry collector told spans and durations, e.g. http://host:4318."
    )

    @field_validator(
        *CHAINS,
        "formats",
        "publish_paused",
        "notify_urls",
        "backup_recipients",
        "cors_origins",
        "trusted_proxies",
        mode="before",
    )
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

    def vendor(self, name: str, kind: type[V]) -> V:
        """The settings of one vendor, read on first use.

        Raises:
            Misconfigured: a value can't be used, or the vendor has no such setting.
        """
        if name not in self._vendors:
            self._vendors[name] = _vendor(name, kind, self.providers.get(name, {}))
        found: V = self._vendors[name]
        return found


def _vendor(name: str, kind: type[V], given: Mapping[str, Any]) -> V:
    unknown = sorted(set(given) - set(kind.model_fields))
    if unknown:
        raise Misconfigured(
            f"{name} has no setting {unknown[0]!r}.", hint=f"It has {', '.join(sorted(kind.model_fields))}."
        )
    with _named(f"PRESSROOM_PROVIDERS__{name.upper()}__"):
        read = kind(**given)
    redaction.register_fields(read)
    return read


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings of this process, read on first use.

    Raises:
        Misconfigured: a value can't be used; the message names each variable.
    """
    with _named("PRESSROOM_"):
        return _with_secrets_known(Settings())


@contextmanager
def _named(prefix: str) -> Iterator[None]:
    """Has a value that can't be used named by its variable. prefix: of one that is known by its field."""
    try:
        yield
    except SettingsError as error:
        raise Misconfigured(f"Settings can't be read: {error}.", hint="See .env.example for every setting.") from None
    except ValidationError as error:
        problems = "; ".join(f"{_variable(prefix, str(part['loc'][0]))}: {reason_of(part)}" for part in error.errors())
        raise Misconfigured(
            f"Settings can't be used: {problems}.", hint="See .env.example for every setting."
        ) from None


def misspelt(environment: Mapping[str, str]) -> list[str]:
    """Sentences on variables that are near the name of a setting and set none."""
    known = set(_variables())
    heads = {name.partition("__")[0] for name in known if "__" in name}
    odd = [name for name in environment if name.startswith("PRESSROOM_") and name not in known]
    odd = [name for name in odd if "__" not in name or name.partition("__")[0] in heads]
    found = {name: did_you_mean(name, known) for name in sorted(odd) if get_close_matches(name, known, 1, 0.9)}
    return [f"{name} is no setting{near}" for name, near in found.items()]


def _variables() -> Iterator[str]:
    """The variable of each setting; a group such as TRENDS has one a field."""
    for name, field in Settings.model_fields.items():
        yield f"PRESSROOM_{name.upper()}"
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from (f"PRESSROOM_{name}__{inner}".upper() for inner in field.annotation.model_fields)


def private_folder(folder: Path) -> Path:
    """`folder`, made if it is not there. Only its owner may enter our home, even one that existed. Raises OSError."""
    home = settings().home.absolute()
    is_ours = home.name == ".pressroom" or not home.exists()
    folder.mkdir(parents=True, exist_ok=True)
    if is_ours and home in (folder.absolute(), *folder.absolute().parents):
        home.chmod(0o700)
    return folder


def _with_secrets_known(read: Settings) -> Settings:
    """The settings themselves; from now on their keys and passwords are masked wherever something is shown."""
    redaction.register_fields(read)
    for given in read.providers.values():
        redaction.register_secret(given.get("api_key", ""))
    for address in read.notify_urls:  # the whole of it: Apprise's tokens are parts of the path
        redaction.register_secret(address)
        redaction.register_secret(address.partition("://")[2])
    return read


def _variable(prefix: str, field: str) -> str:
    return field if field.isupper() else f"{prefix}{field.upper()}"
