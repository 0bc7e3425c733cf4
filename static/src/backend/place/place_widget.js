import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

/** Links from a position to a map, and to the telephone's own way-finding. */
export class CivicPlaceWidget extends Component {
    static template = "civic_report.PlaceWidget";
    static props = { ...standardWidgetProps };

    get position() {
        const { latitude, longitude } = this.props.record.data;
        return latitude || longitude ? { latitude, longitude } : null;
    }

    get mapUrl() {
        const { latitude, longitude } = this.position;
        const query = `mlat=${latitude}&mlon=${longitude}`;
        return `https://www.openstreetmap.org/?${query}#map=18/${latitude}/${longitude}`;
    }

    get directionsUrl() {
        const { latitude, longitude } = this.position;
        return `geo:${latitude},${longitude}?q=${latitude},${longitude}`;
    }
}

export const civicPlaceWidget = {
    component: CivicPlaceWidget,
    fieldDependencies: [
        { name: "latitude", type: "float" },
        { name: "longitude", type: "float" },
    ],
};

registry.category("view_widgets").add("civic_place", civicPlaceWidget);
