import { runService } from '../../run-service.js';

/** The inference API alone: any number of these run side by side on one database. */
void runService({ inference: true, admin: false });
