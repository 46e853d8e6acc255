# The images of CLIP-as-service: `docker build --target cpu -t clip-as-service:0.1.0 .` and
# `docker build --target cuda -t clip-as-service:0.1.0-cuda .`; what is in them and how they are run: docs/containers.md.
#
# The base is named by an exact tag, which its makers may move to a rebuild of the same versions. To pin the very bytes, look up the
# digest (`docker buildx imagetools inspect NAME:TAG --format '{{.Manifest.Digest}}'`) and build with
# `--build-arg BASE=docker.io/library/node:24.21.0-trixie-slim@sha256:…`. Its Node is the one that package-lock.json names (a test compares).
ARG BASE=docker.io/library/node:24.21.0-trixie-slim

# The service with the packages that it runs on, in /app.
FROM ${BASE} AS app
ENV ORT_DISABLE_TELEMETRY=1
WORKDIR /app
COPY .npmrc package.json package-lock.json ./
RUN npm ci --include=dev --ignore-scripts --loglevel=error && npm rebuild node --ignore-scripts=false --loglevel=error
COPY tsconfig.json tsconfig.build.json ./
COPY apps apps
COPY libs libs
COPY migrations migrations
COPY tools/build.mjs tools/ensure.mjs tools/lock.mjs tools/node-version.cjs tools/process.mjs tools/service-flags.mjs tools/
RUN npm run -s build
COPY . .
RUN npm prune --omit=dev --ignore-scripts --loglevel=error
RUN node tools/image/prune.mjs

# The root file system: the C and C++ libraries of Debian that Node and ONNX Runtime need, one user, and nothing that could be run.
# Scanners find the packages by /var/lib/dpkg/status.d, licences are in /usr/share/doc.
FROM ${BASE} AS root
WORKDIR /packages
RUN apt-get update -qq \
  && apt-get download -qq base-files libc6 libgcc-s1 libstdc++6 gcc-14-base \
  && mkdir -p /image/var/lib/dpkg/status.d \
  && for package in *.deb; do \
    dpkg-deb -x "$package" /image && dpkg-deb -f "$package" > "/image/var/lib/dpkg/status.d/${package%%_*}" || exit 1; \
  done
RUN echo 'root:x:0:0::/nonexistent:/nonexistent\nclip:x:65532:65532::/nonexistent:/nonexistent' > /image/etc/passwd \
  && echo 'root:x:0:\nclip:x:65532:' > /image/etc/group \
  && echo 'hosts: files dns' > /image/etc/nsswitch.conf \
  && mkdir -p /image/usr/local/bin /image/usr/share/doc/node /image/data /image/tmp \
  && cp /usr/local/bin/node /image/usr/local/bin/ \
  && cp /usr/local/LICENSE /image/usr/share/doc/node/ \
  && rm -rf /image/usr/lib/*/gconv /image/usr/share/lintian /image/usr/share/gcc /image/etc/update-motd.d \
  && chown 65532:65532 /image/data \
  && chmod 0700 /image/data \
  && chmod 1777 /image/tmp

# NVIDIA's libraries and ONNX Runtime's providers for them, from PyPI (docs/gpu.md); they need a driver of the host.
# Without a network: PIP_NO_INDEX and PIP_FIND_LINKS name a folder of the wheels (docs/containers.md).
FROM ${BASE} AS gpu
COPY tools/image/cuda-requirements.txt tools/image/onnxruntime-requirements.txt /wheels/
RUN apt-get update -qq && apt-get install -qq --no-install-recommends python3-pip
RUN pip install --quiet --no-deps --no-compile --only-binary :all: --require-hashes --target /opt/cuda13 -r /wheels/cuda-requirements.txt \
  && rm -rf /opt/cuda13/bin /opt/cuda13/nvidia/*/include /opt/cuda13/nvidia/*/lib/*.alt.so.*
RUN pip install --quiet --no-deps --no-compile --only-binary :all: --require-hashes --target /wheels/onnxruntime -r /wheels/onnxruntime-requirements.txt \
  && mkdir -p /providers \
  && cp /wheels/onnxruntime/onnxruntime/capi/libonnxruntime_providers_shared.so /wheels/onnxruntime/onnxruntime/capi/libonnxruntime_providers_cuda.so /providers/

FROM scratch AS service
COPY --from=root /image/ /
COPY --from=app /app/ /app/
LABEL org.opencontainers.image.title="CLIP-as-service" \
  org.opencontainers.image.description="CLIP embeddings and ranking as a service: gRPC, HTTP and WebSocket on one port" \
  org.opencontainers.image.licenses="Apache-2.0" \
  org.opencontainers.image.version="0.1.0"
# A container's loopback is reached by nobody, so every port listens on all addresses; callers then need a token.
ENV NODE_ENV=production \
  ORT_DISABLE_TELEMETRY=1 \
  CAS_DATA_DIR=/data \
  CAS_HOST=0.0.0.0 \
  CAS_OPS_HOST=0.0.0.0 \
  CAS_ADMIN_HOST=0.0.0.0
WORKDIR /app
USER 65532:65532
VOLUME /data
EXPOSE 51000 51001 9090
ENTRYPOINT ["/usr/local/bin/node", "/app/tools/image/entry.mjs"]
CMD ["standalone"]

FROM service AS cuda
COPY --from=gpu /opt/cuda13/ /opt/cuda13/
COPY --from=gpu /providers/ /app/node_modules/onnxruntime-node/bin/napi-v6/linux/x64/
ENV LD_LIBRARY_PATH=/opt/cuda13/nvidia/cu13/lib:/opt/cuda13/nvidia/cudnn/lib \
  NVIDIA_VISIBLE_DEVICES=all \
  NVIDIA_DRIVER_CAPABILITIES=compute,utility

# What is built where no target is named.
FROM service AS cpu
