{{- define "pressroom.name" -}}{{ printf "%s" .Release.Name | trunc 40 | trimSuffix "-" }}{{- end }}

{{- define "pressroom.labels" -}}
app.kubernetes.io/name: pressroom
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end }}

{{- define "pressroom.select" -}}
app.kubernetes.io/name: pressroom
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end }}

{{- define "pressroom.image" -}}
{{- $name := printf "pressroom-%s" .target -}}
{{- $path := ternary $name (printf "%s/%s" .root.Values.image.registry $name) (empty .root.Values.image.registry) -}}
{{- with index .root.Values.image.digests .target }}{{ printf "%s@%s" $path . }}{{ else }}{{ printf "%s:%s" $path ($.root.Values.image.tag | default $.root.Chart.AppVersion) }}{{ end }}
{{- end }}

{{- define "pressroom.secret" -}}
{{- if .Values.secrets.external.enabled }}{{ include "pressroom.name" . }}-secrets{{ else }}{{ required "Set secrets.existing to the name of a Secret, or secrets.external.enabled." .Values.secrets.existing }}{{ end }}
{{- end }}

{{- define "pressroom.prefectUrl" -}}
{{- if .Values.prefect.enabled }}http://{{ include "pressroom.name" . }}-prefect:4200/api{{ else }}{{ required "Set prefect.apiUrl, or prefect.enabled." .Values.prefect.apiUrl }}{{ end }}
{{- end }}

{{/* Of a pod: its user and group, no token of the API, places to spread over. */}}
{{- define "pressroom.pod" -}}
automountServiceAccountToken: false
{{- if not .job }}
serviceAccountName: {{ include "pressroom.name" .root }}
{{- end }}
{{- with .root.Values.image.pullSecrets }}
imagePullSecrets: {{ toYaml . | nindent 2 }}
{{- end }}
securityContext:
  runAsNonRoot: true
  runAsUser: 10001
  runAsGroup: 10001
  fsGroup: 10001
  seccompProfile: {type: RuntimeDefault}
{{- if .spread }}
topologySpreadConstraints:
  - maxSkew: 1
    topologyKey: kubernetes.io/hostname
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels: {{ include "pressroom.select" . | nindent 8 }}
{{- end }}
volumes:
  - name: tmp
    emptyDir: {sizeLimit: 4Gi}
  - name: home
    emptyDir: {sizeLimit: 1Gi}
  - name: cache
    emptyDir: {sizeLimit: 256Mi}
  - name: secrets
    secret: {secretName: {{ include "pressroom.secret" .root }}, defaultMode: 0440}
{{- end }}

{{/* Of a container: nothing but its three places can be written, and secrets are files. */}}
{{- define "pressroom.container" -}}
image: {{ include "pressroom.image" . }}
imagePullPolicy: {{ .root.Values.image.pullPolicy }}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: {drop: [ALL]}
envFrom:
  - configMapRef: {name: {{ include "pressroom.name" .root }}}
volumeMounts:
  - {name: tmp, mountPath: /tmp}
  - {name: home, mountPath: /var/lib/pressroom}
  - {name: cache, mountPath: /var/cache/pressroom}
  - {name: secrets, mountPath: /run/secrets, readOnly: true}
resources: {{ toYaml .resources | nindent 2 }}
{{- end }}

{{- define "pressroom.probes" -}}
startupProbe:
  httpGet: {path: {{ .path }}, port: http}
  periodSeconds: 5
  failureThreshold: 36
readinessProbe:
  httpGet: {path: {{ .path }}, port: http}
  periodSeconds: 10
  timeoutSeconds: 5
livenessProbe:
  {{- if .live }}
  {{- toYaml .live | nindent 2 }}
  {{- else }}
  httpGet: {path: {{ .path }}, port: http}
  {{- end }}
  periodSeconds: 30
  timeoutSeconds: 5
  failureThreshold: 4
{{- end }}
