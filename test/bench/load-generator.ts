import { bulkLoad, closedLoad } from './closed-load.js';
import { answerOrders } from './helper-process.js';
import type { LoadOrder, LoadResult } from './load.js';
import { pacedLoad } from './paced-load.js';

/** The process that plays the clients: one order in, one result out. */
answerOrders((order: LoadOrder): Promise<LoadResult> => {
  switch (order.kind) {
    case 'closed':
      return closedLoad(order);
    case 'paced':
      return pacedLoad(order);
    case 'bulk':
      return bulkLoad(order);
  }
});
