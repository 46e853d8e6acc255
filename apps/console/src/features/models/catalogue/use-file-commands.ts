import { useMutation, useQueryClient } from '@tanstack/react-query';
import { answer, api, type Schemas } from '../../../api/client.js';
import { useToasts } from '../../../ui/toasts.js';

type Asked = Schemas['AskedPodsAnswer'];

/** Downloads, cancels and verifies the files of a model; `pod` = on that pod only. */
export function useFileCommands(model: string) {
  const queries = useQueryClient();
  const { say } = useToasts();
  const params = { path: { name: model } };
  const body = (pod: string | undefined) => (pod === undefined ? {} : { pods: [pod] });
  const refresh = () => queries.invalidateQueries({ queryKey: ['models', 'catalogue'] });
  /** Some pods may do it and others not. */
  const tellRefusals = ({ pods }: Asked) => {
    const refused = pods.filter(({ ok }) => !ok);
    if (refused.length > 0) {
      say('Not on every pod', { text: refused.map(({ pod, reason }) => `${pod}: ${reason ?? ''}`).join(' ') });
    }
  };
  const options = {
    onSettled: refresh,
    onSuccess: tellRefusals,
    onError: (error: Error) => say(`${model}: not done`, { text: error.message }),
  };
  const pull = useMutation({
    ...options,
    mutationFn: (pod: string | undefined) =>
      answer(api.POST('/api/catalogue/{name}/pull', { params, body: body(pod) })),
  });
  const cancel = useMutation({
    ...options,
    mutationFn: (pod: string | undefined) =>
      answer(api.POST('/api/catalogue/{name}/cancel', { params, body: body(pod) })),
  });
  const verify = useMutation({
    ...options,
    mutationFn: (pod: string | undefined) =>
      answer(api.POST('/api/catalogue/{name}/verify', { params, body: body(pod) })),
  });
  return { pull, cancel, verify };
}
