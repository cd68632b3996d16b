"""Settings: one object, read from ``gateway.toml`` and ``SDMX_GATEWAY_*``; each URL chooses an implementation.

Environment variables win over the file. Nothing here opens what it names.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from sdmx_gateway.errors import SettingsError, Where

CONFIGURATION_FILE = "gateway.toml"


def shipped(folder: str) -> Path:
    """The shipped ``mappings`` or ``dsd`` folder: beside the package in a checkout, inside it when installed."""
    package = Path(__file__).resolve().parent
    checkout = package.parent / folder
    return (
        checkout
        if (package.parent / "pyproject.toml").exists() and checkout.is_dir()
        else package / "_content" / folder
    )


class ChannelSettings(BaseModel, extra="forbid"):
    """A way to a recipient. ``kind`` chooses the implementation; ``directory`` writes into a folder."""

    kind: Literal["directory"] = "directory"
    path: Path


class Settings(BaseSettings):
    """Where things are kept and who we are.

    Attributes:
        home: folder of everything the gateway writes; relative paths below are under it.
        database_url: SQLAlchemy URL of the release catalogue and ledger; default ``home/gateway.sqlite``.
        releases: folder of the releases; default ``home/releases``.
        mappings: folders of mapping modules, the shipped one first.
        dsd: folders of structures, the shipped one first.
        cache: folder where loaded structures are kept, so that the next start is quicker; it may be deleted at any time;
            default ``home/cache``.
        channels: the ways to recipients, by name; ``outbox`` is always there.
        second_person: whether a transmission must be approved by someone other than who prepared it.
        operator: who acts when the command line does not say.
        sender: id of the sending organisation in message headers.
        host: address ``serve`` listens on.
        port: port ``serve`` listens on.
        base_url: address partners reach the service at, when a proxy stands before it.
        log_level: least severe log line written.

    """

    model_config = SettingsConfigDict(env_prefix="SDMX_GATEWAY_", env_nested_delimiter="__", extra="forbid")

    home: Path = Path("var")
    database_url: SecretStr | None = None
    releases: Path | None = None
    mappings: tuple[Path, ...] = Field(default_factory=lambda: (shipped("mappings"),))
    dsd: tuple[Path, ...] = Field(default_factory=lambda: (shipped("dsd"),))
    cache: Path | None = None
    channels: dict[str, ChannelSettings] = {}
    second_person: bool = False
    operator: str = "operator"
    sender: str = "FR9"
    host: str = "127.0.0.1"
    port: int = 8080
    base_url: str | None = None
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "WARNING"

    @property
    def database(self) -> str:
        """The database URL in force, with its secrets."""
        if self.database_url is not None:
            return self.database_url.get_secret_value()
        return f"sqlite:///{(self.home / 'gateway.sqlite').resolve()}"

    @property
    def release_folder(self) -> Path:
        """The folder of releases in force."""
        return self.releases or self.home / "releases"

    @property
    def cache_folder(self) -> Path:
        """The folder of what can be made again, in force."""
        return self.cache or self.home / "cache"

    @property
    def all_channels(self) -> dict[str, ChannelSettings]:
        """Every channel, the local outbox included."""
        return {"outbox": ChannelSettings(path=Path("outbox")), **self.channels}

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments, then the environment, then ``gateway.toml`` of the working folder."""
        del dotenv_settings, file_secret_settings
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, toml_file=CONFIGURATION_FILE)


def load_settings(**overrides: object) -> Settings:
    """The settings in force.

    Raises:
        SettingsError: a value does not make sense, or a name is unknown; every one of them is listed.

    """
    try:
        return Settings(**overrides)  # type: ignore[arg-type]
    except ValidationError as error:
        lines = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise SettingsError(
            "the configuration does not make sense",
            where=Where(file=CONFIGURATION_FILE),
            why=lines,
            remedy="see docs/settings.md for every name and what it takes",
        ) from error
