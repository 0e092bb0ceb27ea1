using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Derivatives of recorded operators.</summary>
    public static class autograd
    {
        /// <summary>Derivatives of <paramref name="outputs"/> with respect to <paramref name="inputs"/>, summed over the outputs.</summary>
        /// <param name="outputs">Results of recorded operators.</param>
        /// <param name="inputs">What to differentiate by.</param>
        /// <param name="grad_outputs">Weights of the outputs, one per output; may be left out for scalars.</param>
        /// <param name="retain_graph">Keep what was recorded, to differentiate it again.</param>
        /// <param name="create_graph">Record the derivatives too, to differentiate them.</param>
        /// <param name="allow_unused">Accept inputs that no output depends on; their entry is invalid (<see cref="Tensor.IsInvalid"/>).</param>
        public static unsafe IList<Tensor> grad(
            IList<Tensor> outputs,
            IList<Tensor> inputs,
            IList<Tensor>? grad_outputs = null,
            bool retain_graph = false,
            bool create_graph = false,
            bool allow_unused = false)
        {
            var results = new nint[inputs.Count];
            fixed (nint* output = Handles(outputs), input = Handles(inputs), weight = Handles(grad_outputs), result = results)
            {
                Bridge.Check(Bridge.pipeline_grad(
                    output,
                    outputs.Count,
                    input,
                    inputs.Count,
                    weight,
                    grad_outputs?.Count ?? 0,
                    retain_graph || create_graph ? 1 : 0,
                    create_graph ? 1 : 0,
                    allow_unused ? 1 : 0,
                    result));
            }

            GC.KeepAlive(outputs);
            GC.KeepAlive(inputs);
            GC.KeepAlive(grad_outputs);
            return [.. results.Select(handle => handle == 0 ? Tensor.Missing() : new Tensor(handle))];
        }

        /// <summary>Adds the derivatives of <paramref name="tensors"/> to the <c>grad</c> of every leaf (or of <paramref name="inputs"/> only).</summary>
        public static unsafe void backward(
            IList<Tensor> tensors,
            IList<Tensor>? grad_tensors = null,
            bool? retain_graph = null,
            bool create_graph = false,
            IList<Tensor>? inputs = null)
        {
            fixed (nint* output = Handles(tensors), weight = Handles(grad_tensors), input = Handles(inputs))
            {
                Bridge.Check(Bridge.pipeline_backward(
                    output,
                    tensors.Count,
                    weight,
                    grad_tensors?.Count ?? 0,
                    (retain_graph ?? create_graph) ? 1 : 0,
                    create_graph ? 1 : 0,
                    input,
                    inputs?.Count ?? 0));
            }

            GC.KeepAlive(tensors);
            GC.KeepAlive(grad_tensors);
            GC.KeepAlive(inputs);
        }

        public static void backward(
            Tensor tensor,
            IList<Tensor>? grad_tensors = null,
            bool? retain_graph = null,
            bool create_graph = false,
            IList<Tensor>? inputs = null)
            => backward([tensor], grad_tensors, retain_graph, create_graph, inputs);

        public static void backward(
            Tensor tensor,
            Tensor grad_tensor,
            bool? retain_graph = null,
            bool create_graph = false,
            IList<Tensor>? inputs = null)
            => backward([tensor], [grad_tensor], retain_graph, create_graph, inputs);

        private static nint[] Handles(IList<Tensor>? tensors) => tensors is null ? [] : [.. tensors.Select(tensor => tensor.Handle)];
    }
}
