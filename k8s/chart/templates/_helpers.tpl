{{- define "cas.name" -}}{{ .Values.nameOverride }}{{- end -}}

{{/* (list root component) */}}
{{- define "cas.labels" -}}
app.kubernetes.io/name: clip-as-service
app.kubernetes.io/component: {{ index . 1 }}
{{- end -}}

{{/* (list root suffix) */}}
{{- define "cas.image" -}}
{{- $root := index . 0 -}}
{{ $root.Values.image.repository }}:{{ $root.Values.image.tag | default $root.Chart.AppVersion }}{{ index . 1 }}
{{- end -}}

{{/* What every pod has. */}}
{{- define "cas.pod" -}}
automountServiceAccountToken: false
enableServiceLinks: false
hostUsers: false
{{- with .Values.image.pullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
securityContext:
  runAsNonRoot: true
  runAsUser: 65532
  runAsGroup: 65532
  fsGroup: 65532
  fsGroupChangePolicy: OnRootMismatch
  supplementalGroupsPolicy: Strict
  seccompProfile:
    type: RuntimeDefault
{{- end -}}

{{- define "cas.container" -}}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities:
    drop: [ALL]
{{- end -}}

{{/* (list root topologyKey component) */}}
{{- define "cas.spread" -}}
- maxSkew: 1
  topologyKey: {{ index . 1 }}
  whenUnsatisfiable: ScheduleAnyway
  labelSelector:
    matchLabels:
      {{- include "cas.labels" (list (index . 0) (index . 2)) | nindent 6 }}
  matchLabelKeys: [pod-template-hash]
{{- end -}}

{{- define "cas.probes" -}}
readinessProbe:
  httpGet: { path: /health/ready, port: ops }
  periodSeconds: 5
  timeoutSeconds: 5
  failureThreshold: 2
livenessProbe:
  httpGet: { path: /health/live, port: ops }
  periodSeconds: 10
  timeoutSeconds: 5
  failureThreshold: 6
lifecycle:
  preStop:
    sleep: { seconds: 10 }
{{- end -}}

{{- define "cas.modelsVolume" -}}
- name: models
  {{- if .Values.models.image }}
  image:
    reference: {{ .Values.models.image }}
    pullPolicy: {{ .Values.image.pullPolicy }}
  {{- else }}
  persistentVolumeClaim:
    claimName: {{ .Values.models.volume.existingClaim | default (printf "%s-models" (include "cas.name" .)) }}
  {{- end }}
{{- end -}}

{{- define "cas.internet" -}}
- ipBlock:
    cidr: 0.0.0.0/0
    except: [0.0.0.0/8, 10.0.0.0/8, 100.64.0.0/10, 127.0.0.0/8, 169.254.0.0/16, 172.16.0.0/12, 192.168.0.0/16]
- ipBlock:
    cidr: ::/0
    except: ['::1/128', fc00::/7, fe80::/10, '64:ff9b::/96', '2002::/16']
{{- end -}}

{{/* (list sizeLimit) : the volumes data and tmp */}}
{{- define "cas.scratch" -}}
- name: data
  emptyDir: { sizeLimit: {{ index . 0 }} }
- name: tmp
  emptyDir: { sizeLimit: {{ index . 0 }} }
{{- end -}}

{{- define "cas.databaseVolume" -}}
- name: database
  secret:
    secretName: {{ .Values.database.secretName }}
    defaultMode: 0440
{{- end -}}

{{- define "cas.policy" -}}
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: {{ . }}
  labels:
    app.kubernetes.io/name: clip-as-service
{{- end -}}

{{- define "cas.behavior" -}}
scaleUp:
  stabilizationWindowSeconds: 0
  tolerance: '0.2'
  selectPolicy: Max
  policies:
    - { type: Percent, value: 100, periodSeconds: 30 }
    - { type: Pods, value: 4, periodSeconds: 30 }
scaleDown:
  stabilizationWindowSeconds: 600
  tolerance: '0.3'
  selectPolicy: Max
  policies:
    - { type: Pods, value: 1, periodSeconds: 120 }
{{- end -}}

{{- define "cas.listener" -}}
- name: {{ index . 0 }}
  hostname: {{ index . 1 }}
  port: 443
  protocol: HTTPS
  tls:
    mode: Terminate
    certificateRefs: [{ name: {{ index . 2 }} }]
  allowedRoutes: { namespaces: { from: Same } }
{{- end -}}
