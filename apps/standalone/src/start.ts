import { runService } from '../../run-service.js';

/** The inference API and the admin API in one process; what `npm start` runs. */
void runService({ inference: true, admin: true });
