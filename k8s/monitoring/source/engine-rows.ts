import { CHOSEN, CHOSEN_MODELS, maxOf, mean, quantile, quantiles, type Row, sumOf, sumRate } from './panel.js';

const queue: Row = {
  title: 'Queue',
  panels: [
    {
      title: 'Depth',
      description: 'Items that wait. A queue that stays long means that the replicas cannot keep up.',
      unit: 'short',
      queries: [{ expr: sumOf('clip_queue_depth', ['model'], CHOSEN_MODELS), legend: '{{model}}' }],
    },
    {
      title: 'Requests queued',
      description: 'Calls with items in the queue.',
      unit: 'short',
      queries: [{ expr: sumOf('clip_requests_queued', ['model'], CHOSEN_MODELS), legend: '{{model}}' }],
    },
    {
      title: 'Age',
      description: 'Age of the oldest item that waits: the figure to scale on, whatever the cause.',
      unit: 's',
      queries: [{ expr: maxOf('clip_queue_age_seconds', ['model'], CHOSEN_MODELS), legend: '{{model}}' }],
    },
    {
      title: 'Wait',
      description: 'The longest wait of the items of a batch, by model and tower.',
      unit: 's',
      queries: quantiles('clip_queue_wait_seconds', ['model', 'tower'], CHOSEN_MODELS),
    },
    {
      title: 'Bytes',
      description: 'Texts and pictures that wait, bounded by CAS_QUEUE_BYTES_MAX.',
      unit: 'bytes',
      queries: [{ expr: sumOf('clip_queue_bytes', ['model'], CHOSEN_MODELS), legend: '{{model}}' }],
    },
  ],
};

const batches: Row = {
  title: 'Batches',
  panels: [
    {
      title: 'Size',
      description: 'Items of a batch, on average. It grows by itself under load.',
      unit: 'short',
      queries: [{ expr: mean('clip_batch_size', ['model', 'tower'], CHOSEN_MODELS), legend: '{{model}} {{tower}}' }],
    },
    {
      title: 'Fill',
      description: 'Items of a batch over the most that it may have, on average.',
      unit: 'percentunit',
      queries: [
        { expr: mean('clip_batch_fill_ratio', ['model', 'tower'], CHOSEN_MODELS), legend: '{{model}} {{tower}}' },
      ],
    },
    {
      title: 'Why they left',
      description: '`idle_replica`: there was time; `full`: there was more to do; `retry`: a replica died.',
      unit: 'short',
      queries: [{ expr: sumRate('clip_batches_total', ['reason'], CHOSEN_MODELS), legend: '{{reason}}' }],
    },
    {
      title: 'Decoding and tokenizing, p95',
      description: 'Of a batch. A long one is large pictures; it runs beside the model.',
      unit: 's',
      queries: [
        {
          expr: quantile(0.95, 'clip_preprocess_seconds', ['model', 'tower'], CHOSEN_MODELS),
          legend: '{{model}} {{tower}}',
        },
      ],
    },
    {
      title: 'Run of the model, p95',
      description: 'Of a batch.',
      unit: 's',
      queries: [
        {
          expr: quantile(0.95, 'clip_inference_seconds', ['model', 'tower'], CHOSEN_MODELS),
          legend: '{{model}} {{tower}}',
        },
      ],
    },
  ],
};

const replicas: Row = {
  title: 'Replicas and devices',
  panels: [
    {
      title: 'Replicas',
      description: 'Replicas that serve, and those that should.',
      unit: 'short',
      queries: [
        { expr: sumOf('clip_replica_up', ['model'], CHOSEN_MODELS), legend: '{{model}} serve' },
        { expr: sumOf('clip_replicas', ['model'], CHOSEN_MODELS), legend: '{{model}} wanted' },
      ],
    },
    {
      title: 'Restarts',
      description: 'Replicas that died and were started again, in five minutes.',
      unit: 'short',
      queries: [
        {
          expr: `sum by (model) (increase(clip_replica_restarts_total{${CHOSEN_MODELS}}[5m]))`,
          legend: '{{model}}',
        },
      ],
    },
    {
      title: 'Memory of replicas',
      description: "Resident memory of each replica's process.",
      unit: 'bytes',
      queries: [
        {
          expr: sumOf('clip_replica_memory_bytes', ['instance', 'model', 'replica', 'device'], CHOSEN_MODELS),
          legend: '{{instance}} {{model}} {{replica}} {{device}}',
        },
      ],
    },
    {
      title: 'Models',
      description: 'Models that are served, with their dimension.',
      unit: 'short',
      queries: [
        { expr: sumOf('clip_model_info', ['model', 'dimension'], CHOSEN_MODELS), legend: '{{model}} ({{dimension}})' },
      ],
    },
    {
      title: 'Memory of cards',
      description: 'Used memory of each card, by all of its processes, and what it has.',
      unit: 'bytes',
      needs: 'gpu',
      queries: [
        {
          expr: maxOf('clip_device_memory_used_bytes', ['instance', 'device']),
          legend: '{{instance}} {{device}} used',
        },
        {
          expr: maxOf('clip_device_memory_total_bytes', ['instance', 'device']),
          legend: '{{instance}} {{device}} all',
        },
      ],
    },
    {
      title: 'Utilisation of cards',
      description: 'The share of time in which the card did anything at all; not how much of it worked.',
      unit: 'percentunit',
      needs: 'gpu',
      queries: [
        { expr: maxOf('clip_device_utilization_ratio', ['instance', 'device']), legend: '{{instance}} {{device}}' },
      ],
    },
  ],
};

const hits = (by: readonly string[]): string => sumRate('clip_cache_hits_total', by, CHOSEN_MODELS);
const misses = (by: readonly string[]): string => sumRate('clip_cache_misses_total', by, CHOSEN_MODELS);

const sources: Row = {
  title: 'Cache and fetches',
  panels: [
    {
      title: 'Cache hits',
      description: 'The share of items whose vector was known. Off where CAS_CACHE_BYTES_MAX is 0.',
      unit: 'percentunit',
      queries: [
        {
          expr: `${hits(['model'])} / (${hits(['model'])} + ${misses(['model'])})`,
          legend: '{{model}}',
        },
      ],
    },
    {
      title: 'Memory of the cache',
      description: 'Of the vectors that are kept.',
      unit: 'bytes',
      queries: [{ expr: sumOf('clip_cache_bytes', ['instance']), legend: '{{instance}}' }],
    },
    {
      title: 'Vectors kept',
      description: 'How many vectors the cache holds.',
      unit: 'short',
      queries: [{ expr: sumOf('clip_cache_entries', ['instance']), legend: '{{instance}}' }],
    },
    {
      title: 'Fetches',
      description: 'Pictures fetched by their address, a second.',
      unit: 'short',
      queries: [{ expr: sumRate('clip_fetch_duration_seconds_count', ['outcome']), legend: '{{outcome}}' }],
    },
    {
      title: 'Duration of fetches, p95',
      description: 'A slow host delays the requests that name it, and no others.',
      unit: 's',
      queries: [{ expr: quantile(0.95, 'clip_fetch_duration_seconds', ['outcome']), legend: '{{outcome}}' }],
    },
    {
      title: 'Fetches refused',
      description: 'Addresses that the policy refuses, such as private ones.',
      unit: 'short',
      queries: [{ expr: sumRate('clip_fetch_refused_total', ['reason']), legend: '{{reason}}' }],
    },
  ],
};

const processes: Row = {
  title: 'Process',
  panels: [
    {
      title: 'Delay of the event loop',
      description: 'How late the process that answers gets to its work. Beyond 100 ms it is too busy.',
      unit: 's',
      queries: [
        { expr: maxOf('nodejs_eventloop_lag_p50_seconds', ['instance']), legend: 'p50 {{instance}}' },
        { expr: maxOf('nodejs_eventloop_lag_p99_seconds', ['instance']), legend: 'p99 {{instance}}' },
      ],
    },
    {
      title: 'Memory',
      description: 'Of the process that answers; replicas have their own.',
      unit: 'bytes',
      queries: [
        { expr: maxOf('process_resident_memory_bytes', ['instance']), legend: 'resident {{instance}}' },
        { expr: maxOf('nodejs_heap_size_used_bytes', ['instance']), legend: 'heap {{instance}}' },
      ],
    },
    {
      title: 'CPU',
      description: 'Cores that the process that answers keeps busy; replicas are not in it.',
      unit: 'short',
      queries: [{ expr: sumRate('process_cpu_seconds_total', ['instance']), legend: '{{instance}}' }],
    },
    {
      title: 'Garbage collection',
      description: 'The share of time that it takes, by kind.',
      unit: 'percentunit',
      queries: [{ expr: sumRate('nodejs_gc_duration_seconds_sum', ['kind']), legend: '{{kind}}' }],
    },
    {
      title: 'Room on disk',
      description: 'The free share of the file systems of the data folder and of the models.',
      unit: 'percentunit',
      queries: [
        {
          expr: `min by (instance, folder) (clip_disk_free_bytes{${CHOSEN}} / clip_disk_size_bytes{${CHOSEN}})`,
          legend: '{{instance}} {{folder}}',
        },
      ],
    },
  ],
};

/** What the service does inside. */
export const ENGINE_ROWS = { queue, batches, replicas, sources, processes };
