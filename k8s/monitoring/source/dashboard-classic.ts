import * as classic from '@grafana/grafana-foundation-sdk/dashboard';
import * as prometheus from '@grafana/grafana-foundation-sdk/prometheus';
import * as stat from '@grafana/grafana-foundation-sdk/stat';
import * as timeseries from '@grafana/grafana-foundation-sdk/timeseries';
import { CHOICES, DASHBOARD, DATASOURCE, refIdOf } from './dashboard.js';
import { legend, newest, tooltip } from './look.js';
import type { Panel, Row } from './panel.js';

const SOURCE = { type: 'prometheus', uid: `\${${DATASOURCE}}` };

/** Of the 24 columns of a dashboard. */
const COLUMNS = { stat: 6, lines: 8 } as const;
const HEIGHTS = { stat: 4, lines: 8 } as const;

/** The dashboard in the schema of Grafana before 12.2, which newer ones import as well. */
export function dashboardClassic(rows: readonly Row[]): object {
  const dashboard = new classic.DashboardBuilder(DASHBOARD.title)
    .uid(DASHBOARD.uid)
    .description(DASHBOARD.description)
    .tags([...DASHBOARD.tags])
    .editable()
    .tooltip(classic.DashboardCursorSync.Crosshair)
    .time({ from: DASHBOARD.from, to: DASHBOARD.to })
    .refresh(DASHBOARD.refresh)
    .withVariable(new classic.DatasourceVariableBuilder(DATASOURCE).label('Data source').type('prometheus'));
  for (const { name, label, query } of CHOICES) {
    dashboard.withVariable(
      new classic.QueryVariableBuilder(name)
        .label(label)
        .datasource(SOURCE)
        .query(query)
        .definition(query)
        .refresh(classic.VariableRefresh.OnTimeRangeChanged)
        .sort(classic.VariableSort.AlphabeticalAsc)
        .includeAll(true)
        .allValue('.*')
        .current({ text: 'All', value: '$__all' })
        .multi(true),
    );
  }
  for (const { title, panels } of rows) {
    dashboard.withRow(new classic.RowBuilder(title));
    for (const panel of panels) dashboard.withPanel(panelOf(panel));
  }
  return dashboard.build();
}

function panelOf(panel: Panel): stat.PanelBuilder | timeseries.PanelBuilder {
  const kind = panel.kind ?? 'lines';
  const builder = kind === 'stat' ? numberOf() : linesOf();
  builder
    .title(panel.title)
    .description(panel.description)
    .datasource(SOURCE)
    .unit(panel.unit)
    .span(COLUMNS[kind])
    .height(HEIGHTS[kind]);
  panel.queries.forEach(({ expr, legend }, index) => {
    builder.withTarget(
      new prometheus.DataqueryBuilder()
        .datasource(SOURCE)
        .expr(expr)
        .legendFormat(legend)
        .editorMode(prometheus.QueryEditorMode.Code)
        .range()
        .refId(refIdOf(index)),
    );
  });
  return builder;
}

function numberOf(): stat.PanelBuilder {
  return new stat.PanelBuilder().reduceOptions(newest());
}

function linesOf(): timeseries.PanelBuilder {
  return new timeseries.PanelBuilder().min(0).legend(legend()).tooltip(tooltip());
}
