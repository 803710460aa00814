# Waka in three steps: built with Rust, its few libraries and the certificates gathered, and nothing else in the image: no shell, no package, nobody's
# account but its own. It writes no file, so it runs with --read-only.
#   docker build -t waka .
#   docker build -t waka --build-arg CARGO_FLAGS=--no-default-features .      # or --features a,b

FROM rust:1-slim-bookworm AS build
WORKDIR /src
ARG CARGO_FLAGS=
# Dependencies first, on their own, so that a change of our code alone does not build them again.
COPY Cargo.toml Cargo.lock ./
RUN mkdir -p src static \
 && echo 'fn main() {}' > src/main.rs && touch src/lib.rs \
 && for kind in bench:benches test:tests; do \
      for name in $(sed -n "/^\[\[${kind%%:*}\]\]/,/^$/s/^name = \"\(.*\)\"/\1/p" Cargo.toml); do \
        mkdir -p "${kind##*:}/$name" && echo 'fn main() {}' > "${kind##*:}/$name/main.rs"; \
      done; \
    done \
 && cargo build --locked --release $CARGO_FLAGS --bin waka
COPY src src
COPY static static
RUN touch src/main.rs src/lib.rs \
 && cargo build --locked --release $CARGO_FLAGS --bin waka

FROM build AS root
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates && rm -rf /var/lib/apt/lists/*
# What the program is linked to, by the paths that the loader knows; and a user with a number that the platform can name.
RUN mkdir -p /root-fs/etc/ssl/certs /root-fs/usr/local/bin \
 && cp target/release/waka /root-fs/usr/local/bin/waka \
 && ldd target/release/waka | grep -o '/[^ ]*' | xargs -I{} cp -L --parents {} /root-fs \
 && cp -L /etc/ssl/certs/ca-certificates.crt /root-fs/etc/ssl/certs/ \
 && echo 'waka:x:10001:10001:Waka:/:/nonexistent' > /root-fs/etc/passwd \
 && echo 'waka:x:10001:' > /root-fs/etc/group

FROM scratch
COPY --from=root /root-fs/ /
USER 10001:10001
ENV PATH=/usr/local/bin WAKA_LISTEN=0.0.0.0:8080 WAKA_LOG=json
EXPOSE 8080
HEALTHCHECK --interval=5s --timeout=3s --start-period=10s CMD ["waka", "health"]
# As PID 1 it takes SIGTERM itself and drains.
STOPSIGNAL SIGTERM
ENTRYPOINT ["waka"]
