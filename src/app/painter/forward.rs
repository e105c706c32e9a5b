//! What the painter leaves to the toolkit's renderer: all of the drawing.

use iced::{
    Background, Color, Font, Pixels, Point, Rectangle, Size, Transformation,
    advanced::{
        Renderer, Text,
        graphics::{
            Error, Settings, Shell, Viewport,
            compositor::{self, Information, SurfaceError},
        },
        image,
        renderer::{Headless, Quad},
        text,
    },
};

use super::{Inner, Painter, SCRAP, SHELF};

type InnerCompositor = <Inner as compositor::Default>::Compositor;

/// Makes painters for windows.
pub(in crate::app) struct Compositor(InnerCompositor);

/// Where a painter that stocks up draws.
fn scrap() -> Rectangle {
    Rectangle::with_size(Size::new(f32::from(SCRAP), f32::from(SCRAP)))
}

impl Painter {
    /// Where a text is drawn, and what cuts it off.
    fn place(&self, at: Point, clip: Rectangle) -> (Point, Rectangle) {
        if self.stocks_up {
            (Point::new(at.x.fract(), at.y.fract()), scrap())
        } else {
            (at, clip)
        }
    }
}

impl Renderer for Painter {
    fn start_layer(&mut self, bounds: Rectangle) {
        if !self.stocks_up {
            self.inner.start_layer(bounds);
        }
    }

    fn end_layer(&mut self) {
        if !self.stocks_up {
            self.inner.end_layer();
        }
    }

    fn start_transformation(&mut self, transformation: Transformation) {
        if !self.stocks_up {
            self.inner.start_transformation(transformation);
        }
    }

    fn end_transformation(&mut self) {
        if !self.stocks_up {
            self.inner.end_transformation();
        }
    }

    fn fill_quad(&mut self, quad: Quad, background: impl Into<Background>) {
        if !self.stocks_up {
            self.inner.fill_quad(quad, background);
        }
    }

    fn reset(&mut self, new_bounds: Rectangle) {
        let bounds = if self.stocks_up { scrap() } else { new_bounds };
        self.inner.reset(bounds);
    }

    fn allocate_image(
        &mut self,
        handle: &image::Handle,
        callback: impl FnOnce(Result<image::Allocation, image::Error>) + Send + 'static,
    ) {
        self.inner.allocate_image(handle, callback);
    }
}

impl text::Renderer for Painter {
    type Font = Font;
    type Paragraph = <Inner as text::Renderer>::Paragraph;
    type Editor = <Inner as text::Renderer>::Editor;

    const ICON_FONT: Font = Inner::ICON_FONT;
    const CHECKMARK_ICON: char = Inner::CHECKMARK_ICON;
    const ARROW_DOWN_ICON: char = Inner::ARROW_DOWN_ICON;
    const SCROLL_UP_ICON: char = Inner::SCROLL_UP_ICON;
    const SCROLL_DOWN_ICON: char = Inner::SCROLL_DOWN_ICON;
    const SCROLL_LEFT_ICON: char = Inner::SCROLL_LEFT_ICON;
    const SCROLL_RIGHT_ICON: char = Inner::SCROLL_RIGHT_ICON;
    const ICED_LOGO: char = Inner::ICED_LOGO;

    fn default_font(&self) -> Font {
        self.inner.default_font()
    }

    fn default_size(&self) -> Pixels {
        self.inner.default_size()
    }

    fn fill_paragraph(&mut self, text: &Self::Paragraph, at: Point, color: Color, clip: Rectangle) {
        let (at, clip) = self.place(at, clip);
        self.inner.fill_paragraph(text, at, color, clip);
    }

    fn fill_editor(&mut self, editor: &Self::Editor, at: Point, color: Color, clip: Rectangle) {
        let (at, clip) = self.place(at, clip);
        self.inner.fill_editor(editor, at, color, clip);
    }

    fn fill_text(&mut self, text: Text<String, Font>, at: Point, color: Color, clip: Rectangle) {
        let (at, clip) = self.place(at, clip);
        self.inner.fill_text(text, at, color, clip);
    }
}

impl Headless for Painter {
    async fn new(font: Font, size: Pixels, backend: Option<&str>) -> Option<Self> {
        <Inner as Headless>::new(font, size, backend)
            .await
            .map(Self::from)
    }

    fn name(&self) -> String {
        self.inner.name()
    }

    fn screenshot(&mut self, size: Size<u32>, scale: f32, background: Color) -> Vec<u8> {
        self.inner.screenshot(size, scale, background)
    }
}

impl compositor::Default for Painter {
    type Compositor = Compositor;
}

impl compositor::Compositor for Compositor {
    type Renderer = Painter;
    type Surface = <InnerCompositor as compositor::Compositor>::Surface;

    async fn with_backend(
        settings: Settings,
        display: impl compositor::Display + Clone,
        compatible_window: impl compositor::Window + Clone,
        shell: Shell,
        backend: Option<&str>,
    ) -> Result<Self, Error> {
        InnerCompositor::with_backend(settings, display, compatible_window, shell, backend)
            .await
            .map(Self)
    }

    fn create_renderer(&self) -> Painter {
        let fresh = || Painter::from(self.0.create_renderer());
        SHELF.take().unwrap_or_else(fresh)
    }

    fn create_surface<W: compositor::Window + Clone>(
        &mut self,
        window: W,
        width: u32,
        height: u32,
    ) -> Self::Surface {
        self.0.create_surface(window, width, height)
    }

    fn configure_surface(&mut self, surface: &mut Self::Surface, width: u32, height: u32) {
        self.0.configure_surface(surface, width, height);
    }

    fn information(&self) -> Information {
        self.0.information()
    }

    fn present(
        &mut self,
        painter: &mut Painter,
        surface: &mut Self::Surface,
        viewport: &Viewport,
        background: Color,
        on_pre_present: impl FnOnce(),
    ) -> Result<(), SurfaceError> {
        let inner = &mut painter.inner;
        self.0
            .present(inner, surface, viewport, background, on_pre_present)
    }

    fn screenshot(
        &mut self,
        painter: &mut Painter,
        viewport: &Viewport,
        background: Color,
    ) -> Vec<u8> {
        self.0.screenshot(&mut painter.inner, viewport, background)
    }
}
