import 'reflect-metadata';
import { runApp } from '#hosting';

/** The inference API and the admin API in one process; what `npm start` runs. */
runApp({ inference: true, admin: true });
