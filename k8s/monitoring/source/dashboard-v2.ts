import * as v2 from '@grafana/grafana-foundation-sdk/dashboardv2';
import * as prometheus from '@grafana/grafana-foundation-sdk/prometheus';
import * as stat from '@grafana/grafana-foundation-sdk/stat';
import * as timeseries from '@grafana/grafana-foundation-sdk/timeseries';
import { CHOICES, DASHBOARD, DATASOURCE, refIdOf } from './dashboard.js';
import { legend, newest, tooltip } from './look.js';
import type { Panel, Row } from './panel.js';

const SOURCE = { name: `\${${DATASOURCE}}` };

/** The dashboard as a resource of `dashboard.grafana.app/v2`, for Grafana 12.2 and newer. */
export function dashboardV2(rows: readonly Row[]): object {
  const dashboard = new v2.DashboardBuilder(DASHBOARD.title)
    .description(DASHBOARD.description)
    .tags([...DASHBOARD.tags])
    .cursorSync(v2.DashboardCursorSync.Crosshair)
    .timeSettings(new v2.TimeSettingsBuilder().from(DASHBOARD.from).to(DASHBOARD.to).autoRefresh(DASHBOARD.refresh))
    .variable(new v2.DatasourceVariableBuilder(DATASOURCE).label('Data source').pluginId('prometheus'));
  for (const { name, label, query } of CHOICES) {
    dashboard.variable(
      new v2.QueryVariableBuilder(name)
        .label(label)
        .query(new prometheus.QueryV2Builder().datasource(SOURCE).expr(query))
        .definition(query)
        .refresh(v2.VariableRefresh.OnTimeRangeChanged)
        .sort(v2.VariableSort.AlphabeticalAsc)
        .includeAll(true)
        .allValue('.*')
        .current({ text: 'All', value: '$__all' })
        .multi(true),
    );
  }
  const layout = new v2.RowsBuilder();
  let id = 0;
  for (const { title, panels } of rows) {
    const grid = new v2.AutoGridBuilder();
    for (const panel of panels) {
      id += 1;
      dashboard.element(`panel-${id}`, elementOf(id, panel));
      grid.withItem(`panel-${id}`);
    }
    layout.row(new v2.RowBuilder().title(title).layout(grid));
  }
  return v2.manifest(DASHBOARD.uid, dashboard.layout(layout)).build();
}

function elementOf(id: number, panel: Panel): v2.PanelBuilder {
  const group = new v2.QueryGroupBuilder();
  panel.queries.forEach(({ expr, legend }, index) => {
    const query = new prometheus.QueryV2Builder()
      .datasource(SOURCE)
      .expr(expr)
      .legendFormat(legend)
      .editorMode(prometheus.QueryEditorMode.Code)
      .range(true);
    group.target(new v2.TargetBuilder().query(query).refId(refIdOf(index)));
  });
  return new v2.PanelBuilder()
    .id(id)
    .title(panel.title)
    .description(panel.description)
    .data(group)
    .visualization(panel.kind === 'stat' ? numberOf(panel) : linesOf(panel));
}

function numberOf({ unit }: Panel): stat.VisualizationV2Builder {
  return new stat.VisualizationV2Builder().unit(unit).reduceOptions(newest());
}

function linesOf({ unit }: Panel): timeseries.VisualizationV2Builder {
  return new timeseries.VisualizationV2Builder().unit(unit).min(0).legend(legend()).tooltip(tooltip());
}
