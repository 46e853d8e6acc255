import { runService } from '../../run-service.js';

/** The admin API alone, for the database that the inference servers use. */
void runService({ inference: false, admin: true });
