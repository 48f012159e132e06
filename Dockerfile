# No build step: Node runs the TypeScript as it is. The root file system can be read-only; only /data is written.
FROM node:24-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund

FROM node:24-slim
ENV NODE_ENV=production TRAILBOT_HOST=0.0.0.0
WORKDIR /app
COPY --from=dependencies /app/node_modules node_modules
COPY package.json LICENSE README.md ./
COPY rules rules
COPY src src
RUN printf '#!/bin/sh\nexec node --max-semi-space-size=4 /app/src/main.ts "$@"\n' > /usr/local/bin/trailbot \
  && chmod 755 /usr/local/bin/trailbot \
  && install -d -o node -g node -m 700 /data
USER node
VOLUME /data
EXPOSE 3000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:3000/healthz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["trailbot"]
CMD ["serve", "--data", "/data"]
