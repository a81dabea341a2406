{{- define "latchkey.name" -}}
{{- if contains .Chart.Name .Release.Name -}}
{{- .Release.Name | trunc 50 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name .Chart.Name | trunc 50 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "latchkey.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "latchkey.labels" -}}
{{ include "latchkey.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end -}}

{{- define "latchkey.image" -}}
{{- with .Values.image -}}
{{- if .digest -}}
{{ .repository }}@{{ .digest }}
{{- else -}}
{{ .repository }}:{{ .tag | default $.Chart.AppVersion }}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* Refuses what the schema can't: variables set in two places, and secrets in plain text. */}}
{{- define "latchkey.check" -}}
{{- $own := dict
  "PORT" "the container listens on 8000, where the Service and the ingress send requests"
  "HOST" "the container listens on every address"
  "ADMIN_PORT" "the port for operators is 9000"
  "ADMIN_HOST" "the container listens on every address"
  "NODE_ENV" "the image runs in production mode"
  "PUBLIC_URL" "set publicUrl"
  "SHUTDOWN_GRACE_SECONDS" "set shutdownGraceSeconds"
  "SHUTDOWN_DELAY_SECONDS" "the pod's preStop hook is the delay"
  "MIGRATE_AT_START" "see migration.enabled"
  "DATABASE_RUNTIME_ROLE" "set migration.runtimeRole"
  "NODE_EXTRA_CA_CERTS" "set certificateAuthority" -}}
{{- range $name, $value := .Values.config -}}
{{- with get $own $name -}}
{{- fail (printf "config.%s is set by the chart: %s" $name .) -}}
{{- end -}}
{{- if has (trimSuffix "_FILE" $name) (list "DATABASE_URL" "JWT_SECRETS" "JWT_SIGNING_KEYS" "FACTOR_KEYS" "REDIS_URL" "SMTP_URL" "ADMIN_PASSWORD" "SENTRY_DSN" "OTEL_EXPORTER_OTLP_HEADERS") -}}
{{- fail (printf "config.%s would be visible to anyone who can read pods: put it into the Secret secrets.name, and its name into secrets.keys" $name) -}}
{{- end -}}
{{- end -}}
{{- with .Values.autoscaling -}}
{{- if and .enabled (gt (int64 .minReplicas) (int64 .maxReplicas)) -}}
{{- fail (printf "autoscaling.minReplicas (%d) is above autoscaling.maxReplicas (%d)" (int64 .minReplicas) (int64 .maxReplicas)) -}}
{{- end -}}
{{- end -}}
{{- if ne (empty .Values.migration.ownerUrlKey) (empty .Values.migration.runtimeRole) -}}
{{- fail "set both migration.ownerUrlKey and migration.runtimeRole, or neither" -}}
{{- end -}}
{{- with .Values.certificateAuthority -}}
{{- if and .secret .configMap -}}
{{- fail "set either certificateAuthority.secret or certificateAuthority.configMap, not both" -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* Common to every pod: no privileges, no service-account token, nothing writable. */}}
{{- define "latchkey.pod" -}}
automountServiceAccountToken: false
enableServiceLinks: false
securityContext:
  runAsNonRoot: true
  runAsUser: 65532
  runAsGroup: 65532
  fsGroup: 65532
  seccompProfile:
    type: RuntimeDefault
{{- with .Values.image.pullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
volumes:
  - name: secrets
    secret:
      secretName: {{ required "set secrets.name to an existing Secret" .Values.secrets.name }}
      # 0440 in octal: readable by the pod's group.
      defaultMode: 288
      items:
        {{- range .Values.secrets.keys }}
        - key: {{ . }}
          path: {{ . }}
        {{- end }}
        {{- if and .migrating .Values.migration.ownerUrlKey }}
        - key: {{ .Values.migration.ownerUrlKey }}
          path: owner-url
        {{- end }}
  {{- with .Values.certificateAuthority }}
  {{- if .secret }}
  - name: certificate-authority
    secret:
      secretName: {{ .secret }}
      items: [{ key: {{ .key }}, path: ca.crt }]
  {{- else if .configMap }}
  - name: certificate-authority
    configMap:
      name: {{ .configMap }}
      items: [{ key: {{ .key }}, path: ca.crt }]
  {{- end }}
  {{- end }}
  {{- with .Values.extraVolumes }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end -}}

{{- define "latchkey.container" -}}
image: {{ include "latchkey.image" . }}
imagePullPolicy: {{ .Values.image.pullPolicy }}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities:
    drop: [ALL]
env:
  {{- $owner := and .migrating .Values.migration.ownerUrlKey }}
  {{- range .Values.secrets.keys }}
  - name: {{ . }}_FILE
    value: /run/secrets/latchkey/{{ if and $owner (eq . "DATABASE_URL") }}owner-url{{ else }}{{ . }}{{ end }}
  {{- end }}
  {{- if $owner }}
  - name: DATABASE_RUNTIME_ROLE
    value: {{ .Values.migration.runtimeRole | quote }}
  {{- end }}
  - name: PUBLIC_URL
    value: {{ required "set publicUrl to the https address clients use" .Values.publicUrl | quote }}
  # The preStop hook is the delay.
  - name: SHUTDOWN_DELAY_SECONDS
    value: '0'
  # The migration Job does that; a pod refuses to start before it.
  - name: MIGRATE_AT_START
    value: 'off'
  - name: SHUTDOWN_GRACE_SECONDS
    value: {{ .Values.shutdownGraceSeconds | int64 | quote }}
  {{- if or .Values.certificateAuthority.secret .Values.certificateAuthority.configMap }}
  - name: NODE_EXTRA_CA_CERTS
    value: /run/latchkey/certificate-authority/ca.crt
  {{- end }}
  {{- range $name, $value := .Values.config }}
  - name: {{ $name }}
    {{- /* toJson keeps 2592000 from becoming 2.592e+06. */}}
    value: {{ kindIs "string" $value | ternary $value (toJson $value) | quote }}
  {{- end }}
volumeMounts:
  - name: secrets
    mountPath: /run/secrets/latchkey
    readOnly: true
  {{- if or .Values.certificateAuthority.secret .Values.certificateAuthority.configMap }}
  - name: certificate-authority
    mountPath: /run/latchkey/certificate-authority
    readOnly: true
  {{- end }}
  {{- with .Values.extraVolumeMounts }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end -}}
