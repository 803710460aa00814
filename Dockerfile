# Waka in two stages: built with Rust, run on a slim Debian as nobody, with nothing beside the binary.

FROM rust:1-slim-bookworm AS build
WORKDIR /src
# Dependencies first, on their own, so that a change of our code alone does not build them again.
COPY Cargo.toml Cargo.lock ./
RUN mkdir -p src static \
 && echo 'fn main() {}' > src/main.rs && touch src/lib.rs \
 && for kind in bench:benches test:tests; do \
      for name in $(sed -n "/^\[\[${kind%%:*}\]\]/,/^$/s/^name = \"\(.*\)\"/\1/p" Cargo.toml); do \
        mkdir -p "${kind##*:}/$name" && echo 'fn main() {}' > "${kind##*:}/$name/main.rs"; \
      done; \
    done \
 && cargo build --locked --release --bin waka
COPY src src
COPY static static
RUN touch src/main.rs src/lib.rs && cargo build --locked --release --bin waka

FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates && rm -rf /var/lib/apt/lists/* \
 && useradd --system --no-create-home --shell /usr/sbin/nologin waka
COPY --from=build /src/target/release/waka /usr/local/bin/waka
USER waka
ENV WAKA_LISTEN=0.0.0.0:8080 WAKA_LOG=json
EXPOSE 8080
HEALTHCHECK --interval=5s --timeout=3s --start-period=10s CMD ["waka", "health"]
# As PID 1 it takes SIGTERM itself and drains.
ENTRYPOINT ["waka"]
