import { Component, onPatched, useExternalListener, useRef, useState } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";

// Shares of the picture: what an arrow key moves, what a drag must cover to be a box.
const STEP = 0.01;
const LEAST = 0.006;
const ADDED = { x: 0.4, y: 0.4, width: 0.2, height: 0.1 };
const ZOOMS = [100, 150, 200, 300, 400];
const ARROWS = {
    ArrowLeft: [-1, 0],
    ArrowRight: [1, 0],
    ArrowUp: [0, -1],
    ArrowDown: [0, 1],
};

const clamp = (value, least, most) => Math.min(Math.max(value, least), most);
const percent = (share) => Math.round(share * 100);

/** Keep a box on the picture, and large enough to be seen. */
export function fitted({ x, y, width, height, ...rest }) {
    width = clamp(width, LEAST, 1);
    height = clamp(height, LEAST, 1);
    return { ...rest, width, height, x: clamp(x, 0, 1 - width), y: clamp(y, 0, 1 - height) };
}

/** The box between two corners, whichever way the pointer went. */
export function between(start, end) {
    const x = clamp(Math.min(start.x, end.x), 0, 1);
    const y = clamp(Math.min(start.y, end.y), 0, 1);
    return {
        x,
        y,
        width: clamp(Math.max(start.x, end.x), 0, 1) - x,
        height: clamp(Math.max(start.y, end.y), 0, 1) - y,
    };
}

/**
 * Black boxes on a picture, drawn with mouse, finger or keys. The server makes the
 * edited version from them; the picture stays as it is.
 */
export class CivicRedactDialog extends Component {
    static template = "civic_report.RedactDialog";
    static components = { Dialog };
    static props = {
        close: Function,
        reportId: Number,
        attachmentId: Number,
        boxes: { type: Array, optional: true },
        onSaved: Function,
    };

    setup() {
        this.orm = useService("orm");
        this.canvas = useRef("canvas");
        this.nextId = 1;
        this.history = [];
        this.drag = null;
        this.toFocus = null;
        this.state = useState({
            boxes: (this.props.boxes || []).map(([x, y, width, height]) =>
                this.numbered({ x, y, width, height })
            ),
            selected: 0,
            zoom: ZOOMS[0],
            moving: false,
            saving: false,
            undos: 0,
        });
        // Keys act on what has the focus.
        onPatched(() => {
            this.canvas.el.querySelector(`[data-box="${this.toFocus}"]`)?.focus();
            this.toFocus = null;
        });
        useExternalListener(window, "keydown", (ev) => this.onUndoKey(ev));
    }

    get source() {
        return `/web/image/${this.props.attachmentId}`;
    }

    numbered(box) {
        return { ...box, id: this.nextId++ };
    }

    style(box) {
        const sides = { left: box.x, top: box.y, width: box.width, height: box.height };
        return Object.entries(sides)
            .map(([side, share]) => `${side}:${share * 100}%`)
            .join(";");
    }

    label(box, index) {
        return _t(
            "Box %(number)s: %(left)s % from the left, %(top)s % from the top, %(width)s % wide, %(height)s % high",
            {
                number: index + 1,
                left: percent(box.x),
                top: percent(box.y),
                width: percent(box.width),
                height: percent(box.height),
            }
        );
    }

    // ------------------------------------------------------------------
    // Changing
    // ------------------------------------------------------------------

    remember() {
        this.history.push(this.state.boxes.map((box) => ({ ...box })));
        this.state.undos = this.history.length;
    }

    undo() {
        if (this.history.length) {
            this.state.boxes = this.history.pop();
            this.state.undos = this.history.length;
        }
    }

    change(id, box) {
        const index = this.state.boxes.findIndex((other) => other.id === id);
        this.state.boxes[index] = fitted({ ...box, id });
    }

    add() {
        this.remember();
        const box = this.numbered(ADDED);
        this.state.boxes.push(box);
        this.state.selected = box.id;
        this.toFocus = box.id;
    }

    remove(id) {
        this.remember();
        this.state.boxes = this.state.boxes.filter((box) => box.id !== id);
        this.state.selected = 0;
    }

    zoom(by) {
        const next = ZOOMS[ZOOMS.indexOf(this.state.zoom) + by];
        this.state.zoom = next || this.state.zoom;
    }

    // ------------------------------------------------------------------
    // Keys
    // ------------------------------------------------------------------

    onKeydown(ev, id) {
        const arrow = ARROWS[ev.key];
        // As it is now: keys come faster than the screen is drawn.
        const box = this.state.boxes.find((other) => other.id === id);
        if (arrow) {
            const [right, down] = arrow.map((way) => way * STEP);
            this.remember();
            this.change(
                box.id,
                ev.shiftKey
                    ? { ...box, width: box.width + right, height: box.height + down }
                    : { ...box, x: box.x + right, y: box.y + down }
            );
        } else if (ev.key === "Delete" || ev.key === "Backspace") {
            this.remove(box.id);
        } else {
            return;
        }
        ev.preventDefault();
        ev.stopPropagation();
    }

    onUndoKey(ev) {
        if ((ev.ctrlKey || ev.metaKey) && ev.key === "z") {
            ev.preventDefault();
            this.undo();
        }
    }

    // ------------------------------------------------------------------
    // Pointer
    // ------------------------------------------------------------------

    place(ev) {
        const area = this.canvas.el.getBoundingClientRect();
        return {
            x: (ev.clientX - area.left) / area.width,
            y: (ev.clientY - area.top) / area.height,
        };
    }

    onPointerDown(ev) {
        if (this.state.moving || ev.button) {
            return;
        }
        const start = this.place(ev);
        const held = ev.target.closest("[data-box]");
        this.remember();
        let box = held && this.state.boxes.find(({ id }) => id === Number(held.dataset.box));
        if (!box) {
            box = this.numbered({ ...start, width: 0, height: 0 });
            this.state.boxes.push(box);
        }
        this.drag = {
            start,
            before: { ...box },
            kind: !held ? "draw" : ev.target.dataset.corner ? "resize" : "move",
        };
        this.state.selected = box.id;
        this.canvas.el.setPointerCapture(ev.pointerId);
        if (!held) {
            ev.preventDefault();
        }
    }

    onPointerMove(ev) {
        if (!this.drag) {
            return;
        }
        const { start, before, kind } = this.drag;
        const now = this.place(ev);
        const [right, down] = [now.x - start.x, now.y - start.y];
        const boxes = {
            draw: () => between(start, now),
            move: () => ({ ...before, x: before.x + right, y: before.y + down }),
            resize: () => ({
                ...before,
                width: before.width + right,
                height: before.height + down,
            }),
        };
        this.change(before.id, boxes[kind]());
        this.drag.moved = true;
    }

    onPointerUp() {
        const drag = this.drag;
        this.drag = null;
        if (!drag) {
            return;
        }
        const box = this.state.boxes.find(({ id }) => id === drag.before.id);
        const tiny = box && box.width <= LEAST && box.height <= LEAST;
        if (!drag.moved || (drag.kind === "draw" && tiny)) {
            // A mere click: as if nothing had happened.
            this.undo();
        }
    }

    // ------------------------------------------------------------------
    // Saving
    // ------------------------------------------------------------------

    async save() {
        this.state.saving = true;
        try {
            await this.orm.call("civic.report", "redact", [
                [this.props.reportId],
                this.props.attachmentId,
                this.state.boxes.map((box) => [box.x, box.y, box.width, box.height]),
            ]);
        } finally {
            this.state.saving = false;
        }
        await this.props.onSaved();
        this.props.close();
    }
}
